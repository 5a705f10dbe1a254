namespace EdgeRelease.Simulation;

/// <summary>A limit of requests per second and token with a burst of one second, refilled evenly (GCRA).</summary>
internal sealed class Throttle(double requestsPerSecond)
{
    private readonly TimeSpan interval = TimeSpan.FromSeconds(1 / requestsPerSecond);
    private readonly Dictionary<string, DateTimeOffset> fullAt = new(StringComparer.Ordinal);

    /// <summary>Whether a request of a token is within the limit; if so it is counted.</summary>
    public bool Admits(string token, DateTimeOffset now)
    {
        var next = fullAt.GetValueOrDefault(token);
        next = (next > now ? next : now) + interval;
        if (next > now + TimeSpan.FromSeconds(1) + interval)
        {
            return false;
        }

        fullAt[token] = next;
        return true;
    }
}

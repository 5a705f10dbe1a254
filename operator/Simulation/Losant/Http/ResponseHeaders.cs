using System.Globalization;

namespace EdgeRelease.Simulation;

/// <summary>The headers of answers. Source: answers of Losant recorded in its command-line client.</summary>
internal sealed class ResponseHeaders(SimulatedLosant losant)
{
    private readonly Dictionary<(string ContentType, bool Throttled), IReadOnlyDictionary<string, string>> made = [];
    private long second;

    /// <summary>No headers at all.</summary>
    public static IReadOnlyDictionary<string, string> None { get; } = new Dictionary<string, string>();

    /// <summary>The headers of an answer, the same object within a second.</summary>
    public IReadOnlyDictionary<string, string> Of(Answer answer)
    {
        var now = losant.Now.Ticks / TimeSpan.TicksPerSecond;
        if (now != second)
        {
            second = now;
            made.Clear();
        }

        var key = (answer.ContentType, answer.Status == 429);
        return made.TryGetValue(key, out var known) ? known : made[key] = Make(key.ContentType, key.Item2);
    }

    private Dictionary<string, string> Make(string contentType, bool throttled)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Content-Type"] = contentType,
            ["Server"] = "Losant API",
            ["Cache-Control"] = "no-cache, no-store, must-revalidate",
            ["Pragma"] = "no-cache",
            ["Vary"] = "origin",
        };
        if (losant.Options.Unknowns.DateHeader)
        {
            headers["Date"] = losant.Now.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        }

        if (throttled && losant.Options.Unknowns.RetryAfter is { } wait)
        {
            headers["Retry-After"] = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        return headers;
    }
}

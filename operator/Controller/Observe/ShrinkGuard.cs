namespace EdgeRelease.Controller;

/// <summary>Believes that devices are gone only when two accepted full scans, at least 5 minutes apart, say so
/// (rule 38, I11).</summary>
public sealed class ShrinkGuard
{
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Baseline> _baselines = [];

    /// <summary>Weighs a scan.</summary>
    /// <param name="application">What was scanned, as its id.</param>
    /// <param name="devices">Devices it found.</param>
    /// <param name="at">Losant's clock when it began.</param>
    /// <param name="least">For a new process: the last believed number, or how many there must be.</param>
    /// <returns>Whether it is believed.</returns>
    public bool Believes(string application, int devices, DateTimeOffset at, int least)
    {
        lock (_gate)
        {
            var before = _baselines.GetValueOrDefault(application) ?? new Baseline(least, null);
            var isShrunken = before.Devices - devices > 2 && (before.Devices - devices) * 5L > before.Devices;
            var isConfirmed = before.DoubtedSince is { } since && at - since >= Apart;
            var isBelieved = !isShrunken || isConfirmed;
            _baselines[application] = isBelieved
                ? new Baseline(devices, null)
                : before with
                {
                    DoubtedSince = before.DoubtedSince ?? at,
                };
            return isBelieved;
        }
    }

    private sealed record Baseline(int Devices, DateTimeOffset? DoubtedSince);
}

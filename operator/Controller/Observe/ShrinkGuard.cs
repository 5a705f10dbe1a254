namespace EdgeRelease.Controller;

/// <summary>Believes that devices of an application are gone only when two accepted full scans, at least 5 minutes apart,
/// say so (rule 38, I11).</summary>
public sealed class ShrinkGuard
{
    /// <summary>The pace of polls while a scan is doubted: before the connection, and the doubt with it, is dropped.</summary>
    public static readonly TimeSpan Again = TimeSpan.FromMinutes(7);

    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(5);

    private int? _believed;
    private TimeSpan? _doubtedSince;

    /// <summary>Weighs a scan.</summary>
    /// <param name="devices">Devices it found.</param>
    /// <param name="at">Monotonic time when it began.</param>
    /// <param name="least">For a new process: the last believed number, or how many there must be.</param>
    /// <returns>Whether it is believed.</returns>
    public bool Believes(int devices, TimeSpan at, int least)
    {
        _believed ??= least;
        var missing = _believed.Value - devices;
        var isShrunken = missing > 2 && missing * 5L > _believed.Value;
        if (isShrunken && !(at - _doubtedSince >= Apart))
        {
            _doubtedSince ??= at;
            return false;
        }

        (_believed, _doubtedSince) = (devices, null);
        return true;
    }
}

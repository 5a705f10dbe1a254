namespace EdgeRelease.Controller;

/// <summary>How far a list of changes was read, and whether it can be relied on (rule 37).</summary>
/// <remarks>
/// A full scan that finds something else than is known has found changes, or what the list of changes missed. What
/// changed meanwhile stands in the next list, which reaches back before the scan; what does not was missed.
/// </remarks>
/// <typeparam name="T">What names an entry.</typeparam>
internal sealed class Changes<T>
{
    /// <summary>How late Losant may show what it dates. Rule 8 grants a row as much.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(60);

    private HashSet<T> _suspects = [];

    /// <summary>From when on the next list must be read; null before anything was.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>Whether the list missed a change.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>A change was seen that no list can show.</summary>
    public void Break() => IsBroken = true;

    /// <summary>A list was read.</summary>
    /// <param name="listed">What stood in it.</param>
    /// <param name="beganAt">Losant's clock before.</param>
    public void Listed(IEnumerable<T> listed, DateTimeOffset? beganAt)
    {
        _suspects.ExceptWith(listed);
        IsBroken |= _suspects.Count > 0;
        _suspects = [];
        Since = beganAt - Margin;
    }

    /// <summary>Everything was read.</summary>
    /// <param name="differing">What was not as known; nothing at the first time.</param>
    /// <param name="beganAt">Losant's clock before.</param>
    public void Scanned(IReadOnlyCollection<T> differing, DateTimeOffset? beganAt)
    {
        if (Since is null || (differing.Count == 0 && _suspects.Count == 0))
        {
            Since = beganAt - Margin;
        }

        _suspects.UnionWith(differing);
    }
}

namespace EdgeRelease.Controller;

/// <summary>An EdgeReleaseRevision cannot be read: what the release moved is not known then, and nothing is sent.</summary>
public sealed class LedgerException : Exception
{
    /// <summary>An error of one object.</summary>
    /// <param name="name">The object's name.</param>
    /// <param name="inner">What is wrong with it.</param>
    public LedgerException(string name, Exception inner)
        : base(
            $"cannot read EdgeReleaseRevision {name}: {inner?.Message}; put it back from a backup, or delete it: its devices then count as not moved by this release",
            inner
        ) { }
}

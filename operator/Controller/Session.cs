using EdgeRelease.Api;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>What one process keeps of a release between passes: copies and clocks that can be lost at any time.</summary>
public sealed class Session
{
    /// <summary>The ledger as last stored; null makes the next pass read it.</summary>
    public LedgerBook? Book { get; set; }

    /// <summary>The object as our last write left it; the watch may not have brought it yet.</summary>
    public ReleaseObject? Written { get; set; }

    /// <summary>Passes in a row that Losant failed.</summary>
    public int Failures { get; set; }

    /// <summary>Monotonic timestamp of the first of them.</summary>
    public long FailingSince { get; set; }

    /// <summary>Monotonic timestamp of the last status write; null before the first.</summary>
    public long? WrittenAt { get; set; }

    /// <summary>Monotonic timestamp at which the deletion was first seen; null before.</summary>
    public long? DeletingSince { get; set; }

    /// <summary>What the last pass saw, for metrics; null before the first.</summary>
    public EdgeReleaseStatus? Shown { get; set; }

    /// <summary>Forgets what may be stale: somebody else wrote.</summary>
    public void Drop()
    {
        Book = null;
        Written = null;
    }

    /// <summary>The newer of what the watch brought and what we wrote.</summary>
    /// <param name="watched">The object of the watch.</param>
    public ReleaseObject Newest(ReleaseObject watched)
    {
        var isOurs =
            Written is { } written
            && written.Uid == watched.Uid
            && ResourceStore.IsLater(written.Meta.ResourceVersion, watched.Meta.ResourceVersion);
        Written = isOurs ? Written : null;
        return Written ?? watched;
    }
}

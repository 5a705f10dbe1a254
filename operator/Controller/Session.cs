using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>What one process keeps of a release between passes: copies and clocks that can be lost at any time.</summary>
/// <param name="uid">The release's uid: one of the same name begins with nothing (I13).</param>
public sealed class Session(string? uid)
{
    /// <summary>The uid of the release; null when it has none.</summary>
    public string? Uid => uid;

    /// <summary>The ledger as last stored; null makes the next pass read it, and the release after it.</summary>
    public LedgerBook? Book { get; set; }

    /// <summary>The object as our last write or read of it left it; the watch may not have brought it yet.</summary>
    public ReleaseObject? Written { get; private set; }

    /// <summary>Passes in a row that Losant failed.</summary>
    public int Failures { get; set; }

    /// <summary>Monotonic timestamp of the first of them.</summary>
    public long FailingSince { get; set; }

    /// <summary>Monotonic timestamp of the last status write; null before the first.</summary>
    public long? WrittenAt { get; private set; }

    /// <summary>Monotonic timestamp at which the deletion was first seen; null before.</summary>
    public long? DeletingSince { get; set; }

    /// <summary>What the last pass saw, for metrics; null before the first.</summary>
    public EdgeReleaseStatus? Shown { get; set; }

    /// <summary>The object of the last pass, for what is to be said when it is gone; null before the first.</summary>
    public JsonElement? Known { get; private set; }

    /// <summary>Why the status of the last pass could not be read; null when it could.</summary>
    public string? StatusProblem { get; set; }

    /// <summary>What the log says of the last pass; null before the first.</summary>
    internal Said? Said { get; set; }

    /// <summary>Versions that devices should go back to and Losant does not have: looked for before they are sent.</summary>
    public ISet<string> MissingVersions { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Whether the next pass must read everything: Losant refused a call, or a device did not do what it should
    /// have.</summary>
    public bool MustScan { get; set; }

    /// <summary>When the last plan said that it could change, by Losant's clock; null for not by itself.</summary>
    public DateTimeOffset? WakeAt { get; private set; }

    /// <summary>The wish for a reconcile that the last pass had seen; null for none.</summary>
    public string? ReconcileAt { get; private set; }

    /// <summary>A plan was made.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="wanted">What it was made for.</param>
    public void Planned(Plan plan, Release wanted)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(wanted);
        var wantsScan = plan.Fleet!.Devices.Any(device => device.Standing.WantsScan);
        (WakeAt, ReconcileAt, MustScan) = (plan.WakeAt, wanted.Requests.ReconcileAt, wantsScan);
    }

    /// <summary>Forgets what may be stale: somebody else wrote.</summary>
    public void Drop()
    {
        Book = null;
        Written = null;
    }

    /// <summary>The release and its ledger, as new as each other. A ledger that was just loaded needs the release as it is
    /// now: by an older one rows of calls that were sent would be taken back.</summary>
    /// <param name="cluster">The API server.</param>
    /// <param name="watched">The object of the watch.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <returns>The newest object; null when it is gone.</returns>
    /// <exception cref="JsonException">It is not of the contract.</exception>
    /// <exception cref="LedgerException">A shard is not of the contract.</exception>
    public async Task<ReleaseObject?> OpenAsync(ICluster cluster, ReleaseObject watched, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(watched);
        if (Book is not null)
        {
            return Noted(Newest(watched));
        }

        var book = await LedgerBook.LoadAsync(cluster, watched.Meta, cancel);
        if (
            await cluster.FindAsync(Kinds.Release, watched.Key, cancel) is not { } json
            || ResourceJson.UidOf(json) != watched.Uid
        )
        {
            return null;
        }

        var release = Wrote(json);
        Book = book;
        return Noted(release);
    }

    /// <summary>The object of the watch, or as this process wrote it later.</summary>
    /// <param name="watched">The object of the watch, of the same uid.</param>
    public ReleaseObject NewestOf(ReleaseObject watched)
    {
        ArgumentNullException.ThrowIfNull(watched);
        return Written is { } ours && ResourceStore.IsLater(ours.Meta.ResourceVersion, watched.Meta.ResourceVersion)
            ? ours
            : watched;
    }

    /// <summary>A status that says how many objects hold the ledger of its revision. While the ledger is lost the old number
    /// stays: it says what is missing.</summary>
    /// <param name="status">The status after a plan, whose ledger is stored.</param>
    public EdgeReleaseStatus Marked(EdgeReleaseStatus status)
    {
        ArgumentNullException.ThrowIfNull(status);
        return Book is null || status.Revision == 0 || status.LedgerLost == true
            ? status
            : status with
            {
                LedgerObjects = Book.ObjectsOf(status.Revision),
            };
    }

    /// <summary>Stores a status.</summary>
    /// <param name="ports">The API server and the clock.</param>
    /// <param name="release">The release as it is known.</param>
    /// <param name="status">The whole new status.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>The release with it.</returns>
    /// <exception cref="ClusterException">It was not stored; with a conflict somebody else wrote first.</exception>
    internal async Task<ReleaseObject> WriteAsync(
        Ports ports,
        ReleaseObject release,
        EdgeReleaseStatus status,
        CancellationToken cancel
    )
    {
        var json = await ports.Cluster.ReplaceAsync(Kinds.Release, release.With(status), "status", cancel);
        var written = Wrote(json);
        WrittenAt = ports.Time.GetTimestamp();
        return written;
    }

    /// <summary>The release was written: what the API server answered is newer than the watch.</summary>
    /// <param name="json">The answer.</param>
    internal ReleaseObject Wrote(JsonElement json) => Written = ReleaseObject.Of(json);

    private ReleaseObject Noted(ReleaseObject release)
    {
        Known = release.Json;
        return release;
    }

    /// <summary>What is no newer than the watch need not be kept.</summary>
    private ReleaseObject Newest(ReleaseObject watched)
    {
        var newest = NewestOf(watched);
        Written = ReferenceEquals(newest, Written) ? Written : null;
        return newest;
    }
}

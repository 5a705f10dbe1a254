using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Swarm;

/// <summary>One release call as it arrives, with what is stored about it.</summary>
/// <param name="Seq">Its number in the record.</param>
/// <param name="Release">The release whose intent it is.</param>
/// <param name="Rows">All rows of the release.</param>
/// <param name="Sent">The rows of the devices that it names.</param>
internal sealed record JudgedCall(
    long Seq,
    ReleaseObject Release,
    IReadOnlyDictionary<DeviceId, LedgerRow> Rows,
    IReadOnlyList<LedgerRow> Sent
)
{
    public string? Version => Command(Sent[0]).Version;

    public bool IsForward => Command(Sent[0]).Kind == CommandKind.Forward;

    public BackCause Cause => Command(Sent[0]).Cause;

    public int Revision => Release.Status!.Revision;

    public (string Uid, int Revision) Attempt => (Release.Uid, Revision);

    /// <summary>Whether the spec is the one that the operator planned with.</summary>
    public bool IsOfThisSpec => Release.Status!.ObservedGeneration == Release.Meta.Generation;

    /// <summary>Tags that every device must have.</summary>
    public required IReadOnlyDictionary<string, string> Guard { get; init; }

    public Selection Selection => new(Release.Spec) { Guard = Guard };

    /// <summary>What a row is about to do, or did last.</summary>
    public static Command Command(LedgerRow row) => row.Next ?? row.Last!;

    /// <summary>Whether a row goes or went forward in this revision.</summary>
    public bool IsMoved(LedgerRow row) =>
        row.Closed is null && row.Revision == Revision && (row.IsTried || row.Next is { Kind: CommandKind.Forward });

    /// <summary>Rows that this call sends forward for the first time in this revision.</summary>
    public IEnumerable<LedgerRow> Fresh => Sent.Where(row => !row.IsTried && Command(row).Repeats == 0);
}

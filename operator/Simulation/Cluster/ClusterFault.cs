using System.Runtime.InteropServices;

namespace EdgeRelease.Simulation;

/// <summary>Everything that can go wrong between a client and the API server.</summary>
public enum ClusterFaultKind
{
    /// <summary>A write is answered 409 without effect.</summary>
    Conflict,

    /// <summary>A watch, when it opens or while it runs, or a continued list gets 410.</summary>
    Gone,

    /// <summary>429 without effect.</summary>
    TooManyRequests,

    /// <summary>500 without effect.</summary>
    InternalError,

    /// <summary>No answer, and no effect. Lasts as long as the client waits, by default 10 s.</summary>
    TimeoutBefore,

    /// <summary>No answer, though it took effect. Lasts as long as the client waits, by default 10 s.</summary>
    TimeoutAfter,

    /// <summary>A write of a status gets no answer and has no effect: a TimeoutBefore that is counted on its
    /// own.</summary>
    StatusWriteLost,

    /// <summary>The client's process dies before the call leaves it.</summary>
    CrashBefore,

    /// <summary>The call takes effect and the client's process dies before it hears of it.</summary>
    CrashAfter,

    /// <summary>The server is down for everybody: calls get no answer, watches are cut. By default 1 min.</summary>
    ServerDown,

    /// <summary>The server is down for this client: as <see cref="ServerDown"/>, and its watches are silent first.
    /// By default 1 min.</summary>
    Partitioned,

    /// <summary>A watch breaks; what was on its way is lost with it.</summary>
    WatchCut,

    /// <summary>The server ends a watch in good order.</summary>
    WatchEnded,

    /// <summary>A watch event comes twice.</summary>
    EventDuplicated,

    /// <summary>A watch event, and all behind it on that watch, comes late; by default 5 s.</summary>
    EventLate,

    /// <summary>A watch event comes late, by default 5 s, and those of other objects overtake it.</summary>
    EventReordered,

    /// <summary>Behind a watch event the version before comes once more, and then the event again.</summary>
    EventStale,

    /// <summary>A watch event never comes; only a new list shows what it said.</summary>
    EventLost,
}

/// <summary>One fault, chosen by a test.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Length">How long, for the kinds that take time; zero for the kind's default.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClusterFault(ClusterFaultKind Kind, TimeSpan Length = default)
{
    /// <summary>How long it lasts; zero for the kinds that take no time.</summary>
    public TimeSpan Duration => Length > TimeSpan.Zero ? Length : DefaultDuration;

    private TimeSpan DefaultDuration =>
        Kind switch
        {
            ClusterFaultKind.TimeoutBefore or ClusterFaultKind.TimeoutAfter or ClusterFaultKind.StatusWriteLost =>
                TimeSpan.FromSeconds(10),
            ClusterFaultKind.ServerDown or ClusterFaultKind.Partitioned => TimeSpan.FromMinutes(1),
            ClusterFaultKind.EventLate or ClusterFaultKind.EventReordered => TimeSpan.FromSeconds(5),
            _ => TimeSpan.Zero,
        };

    /// <summary>Whether this fault can befall that call; one that cannot is as none and is not counted.</summary>
    /// <param name="call">The call or watch event.</param>
    public bool Befalls(ClusterCall call) =>
        Kind switch
        {
            ClusterFaultKind.Conflict => call.IsWrite,
            ClusterFaultKind.Gone => call.Verb is ClusterVerb.Watch or ClusterVerb.WatchEvent || call.IsContinued,
            ClusterFaultKind.StatusWriteLost => call is { IsWrite: true, Subresource: "status" },
            ClusterFaultKind.ServerDown or ClusterFaultKind.Partitioned => true,
            >= ClusterFaultKind.WatchCut => call.Verb == ClusterVerb.WatchEvent,
            _ => call.Verb != ClusterVerb.WatchEvent,
        };
}

/// <summary>How often each fault really befell something: the coverage of a run.</summary>
public sealed class ClusterFaultCounts
{
    private readonly long[] _counts = new long[Enum.GetValues<ClusterFaultKind>().Length];

    /// <summary>How often one kind was seen. For <see cref="ClusterFaultKind.ServerDown"/> and
    /// <see cref="ClusterFaultKind.Partitioned"/>: the calls that failed and the watches that broke by it.</summary>
    /// <param name="kind">Which.</param>
    public long this[ClusterFaultKind kind] => _counts[(int)kind];

    /// <summary>Adds the counts of another run.</summary>
    /// <param name="other">Those of the other run.</param>
    public void Add(ClusterFaultCounts other)
    {
        for (var kind = 0; kind < _counts.Length; kind++)
        {
            _counts[kind] += other._counts[kind];
        }
    }

    /// <summary>Counts one.</summary>
    /// <param name="kind">Which.</param>
    internal void Count(ClusterFaultKind kind) => _counts[(int)kind]++;
}

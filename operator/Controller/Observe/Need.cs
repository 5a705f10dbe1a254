using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Controller;

/// <summary>What a pass needs of an observation.</summary>
/// <param name="FlowId">The flow whose rows it needs, 24 hex digits.</param>
/// <param name="MaxAge">How long ago the poll may have begun that serves it.</param>
public sealed record Need(string FlowId, TimeSpan MaxAge)
{
    /// <summary>The class of its devices. Default edgeCompute.</summary>
    public DeviceClass Class { get; init; } = DeviceClass.EdgeCompute;

    /// <summary>Devices that the release names: those of another class are in no scan, and it hears why it does not get
    /// them.</summary>
    public IReadOnlyList<DeviceId> Named { get; init; } = [];

    /// <summary>The fewest devices there must be, where no scan is remembered (I11).</summary>
    public int Least { get; init; }

    /// <summary>Whether devices were told something that they have not reported yet.</summary>
    public bool IsUnderway { get; init; }

    /// <summary>When the last plan said that it could change, by Losant's clock: no poll from before serves it then.
    /// </summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Whether the poll must be a new one: a person asked for it.</summary>
    public bool IsNow { get; init; }

    /// <summary>Whether only a full scan will do.</summary>
    public bool IsFull { get; init; }

    /// <summary>What the next pass of a release needs. One poll serves all passes for half of the time between two.
    /// </summary>
    /// <param name="wanted">The release resolved.</param>
    /// <param name="memory">What it remembers.</param>
    /// <param name="session">What the process keeps of it.</param>
    public static Need Of(Wanted wanted, Memory memory, Session session)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(session);
        var (release, application) = (wanted.Release!, wanted.Account!);
        var api = application.Spec.Api;
        var held = memory.Rows.Values.Where(row => row is { Closed: null, Last: not null }).ToList();
        var isUnderway = session.Shown is { Rollback.Pending: > 0 } or { Devices.Updating: > 0 };
        return new Need(release.FlowId, (api.PollActive < api.PollIdle ? api.PollActive : api.PollIdle) / 2)
        {
            Named = [.. release.Spec.DeviceIds.Select(DeviceId.Parse)],
            Class = release.Class,
            Least = LeastOf(application.Status?.Observation, release.Class) ?? held.Count,
            IsUnderway = isUnderway || held.Exists(row => row.Outcome == Outcome.None),
            WakeAt = session.WakeAt,
            IsFull = session.MustScan,
            IsNow = session.ReconcileAt != release.Requests.ReconcileAt,
        };
    }

    private static int? LeastOf(Api.ApplicationObservation? known, DeviceClass deviceClass) =>
        deviceClass == DeviceClass.Embedded ? known?.Microcontrollers : known?.Devices - (known?.Microcontrollers ?? 0);
}

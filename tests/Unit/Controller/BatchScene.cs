using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>A release of v2 to two devices of one site, and what the guard says of a batch of it.</summary>
internal static class BatchScene
{
    public static readonly DateTimeOffset At = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DeviceId First = new(1);
    public static readonly DeviceId Second = new(2);

    public static readonly Release ToV2 = new()
    {
        Uid = "uid",
        FlowId = "575ed18f7ae143cd83dc4aa6",
        Spec = new EdgeReleaseSpec
        {
            Flow = "line-monitor",
            Version = "v2",
            AllDevices = true,
            RolloutPercentage = 100,
            Limits = new LimitsSpec { MaxUnavailable = IntOrPercent.Percent(100) },
        },
    };

    private static readonly TagSet Site = new([new("site", "hamburg")]);

    public static readonly Memory Begun = new() { Revision = 1, Step = new StepMark() };

    public static Release Railed(Rails rails) => ToV2 with { Rails = rails };

    /// <summary>What the guard says of a batch forward; null for nothing.</summary>
    public static string? Forward(Release wanted, Memory memory, params DeviceId[] devices)
    {
        var ids = devices.Length == 0 ? [First] : devices;
        return Guard(wanted, memory).Violation(memory, Batch(CommandKind.Forward, "v2", [.. ids.Select(Row)]));
    }

    /// <summary>What the guard says of one row sent back; null for nothing.</summary>
    public static string? Back(
        Release wanted,
        LedgerRow row,
        string? to,
        string desired = "v2",
        params LedgerRow[] others
    )
    {
        var command = Told(First).Last! with { Kind = CommandKind.Back, Version = to, Batch = 2 };
        var memory = Begun with { Rows = others.Append(row).ToDictionary(row => row.Device) };
        return new BatchGuard(PassOf(wanted, memory, isBelieved: true, desired)).Violation(
            memory,
            Batch(CommandKind.Back, to, row with { Next = command })
        );
    }

    public static BatchGuard Guard(Release wanted, Memory memory) => new(PassOf(wanted, memory, isBelieved: true));

    public static Pass PassOf(Release wanted, Memory memory, bool isBelieved, string? desired = null)
    {
        var seen = new Snapshot
        {
            BeganAt = At,
            EndedAt = At,
            Devices = [],
            Deployments = new Dictionary<DeviceId, DeploymentRow>(),
            Believed = isBelieved,
        };
        List<Device> devices = [.. new[] { First, Second }.Select(id => Seen(id, memory, desired))];
        var fleet = new Fleet
        {
            Devices = devices,
            Eligible = devices,
            Matched = 2,
            Excluded = new Dictionary<string, int>(),
            UnknownIds = [],
            Versions = new Dictionary<string, int>(),
            Seen = seen,
        };
        var plan = new Plan
        {
            Batches = [],
            Verdict = new Verdict(Phase.Progressing, Reasons.Progressing, "as planned"),
            Memory = memory,
            Notices = [],
            Fleet = fleet,
            Now = At,
        };
        return new Pass(null!, new Wanted(wanted, null, null), plan, memory) { Before = null };
    }

    private static Device Seen(DeviceId id, Memory memory, string? desired) =>
        new()
        {
            Seen = new DeviceRow(id, DeviceClass.EdgeCompute, null, Site, Connected: true, null),
            Deployment = desired is null
                ? null
                : new DeploymentRow
                {
                    Device = id,
                    Desired = desired,
                    Current = desired,
                },
            Row = memory.Rows.GetValueOrDefault(id) is { Closed: null } row ? row : null,
            Rank = id.Value,
            Standing = new Standing { State = DeviceState.Waiting, Reason = "Waiting" },
        };

    public static Batch Batch(CommandKind kind, string? version, params LedgerRow[] rows) =>
        new()
        {
            Number = 1,
            Kind = kind,
            Version = version,
            Rows = rows,
            Because = "a test",
        };

    public static LedgerRow Row(DeviceId id) => Told(id) with { Last = null, Next = Told(id).Last };

    /// <summary>A row of a device that was sent v2 and ran v1 before.</summary>
    public static LedgerRow Told(DeviceId id) =>
        new()
        {
            Device = id,
            Revision = 1,
            Previous = "v1",
            Attempts = 1,
            Last = new Command
            {
                Kind = CommandKind.Forward,
                Version = "v2",
                Batch = 1,
                At = At,
                WasConnected = true,
            },
        };
}

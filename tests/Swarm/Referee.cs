using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Judges every release call as it reaches the simulated Losant, by what both servers hold at that moment.</summary>
internal sealed class Referee
{
    /// <summary>What the operator saw may be this old when its call arrives.</summary>
    private static readonly TimeSpan Lag = TimeSpan.FromMinutes(3);

    private readonly World _world;
    private readonly Plant _plant;
    private readonly Ledgers _ledgers;
    private readonly Dictionary<(string Uid, int Revision, string Device), int> _forwards = [];
    private readonly Dictionary<long, (string Uid, int Revision, bool IsForward, BackCause Cause)> _calls = [];
    private int _mostEligible;

    public Referee(World world, Plant plant)
    {
        (_world, _plant, _ledgers) = (world, plant, new Ledgers(world));
        world.Losant.Record.Subscribe(Judge);
    }

    /// <summary>The first violation; it is thrown after the event, so that the simulation itself is not disturbed.</summary>
    public Violation? Found { get; private set; }

    /// <summary>Release calls judged.</summary>
    public int Calls { get; private set; }

    private void Judge(RecordEntry entry)
    {
        if (Found is not null)
        {
            return;
        }

        try
        {
            switch (entry)
            {
                case RequestRecord { Method: "POST" } request:
                    JudgeCall(request);
                    break;
                case DeviceChangeRecord { Field: ChangedField.Desired, Cause.Request: { } cause } change
                    when change.From != change.To:
                    JudgeChange(change, cause);
                    break;
                default:
                    break;
            }
        }
        catch (Violation violation)
        {
            Found = violation;
        }
    }

    private void JudgeCall(RequestRecord request)
    {
        Calls++;
        Violation.If(
            !request.Path.EndsWith("/edge/deployments/release", StringComparison.Ordinal),
            "I2",
            $"POST {request.Path}"
        );
        using var body = JsonDocument.Parse(request.Body!);
        Violation.If(body.RootElement.TryGetProperty("deviceTags", out _), "I2", "deviceTags were sent");
        var version = body.RootElement.GetProperty("version").GetString();
        var ids = body
            .RootElement.GetProperty("deviceIds")
            .EnumerateArray()
            .Select(id => DeviceId.Parse(id.GetString()!))
            .ToHashSet();
        Violation.If(ids.Count is 0 or > 1000, "I2", $"{ids.Count} ids");
        var (release, rows) = Intended(ids, version);
        var sent = ids.Select(id => rows[id]).ToList();
        var command = sent[0].Next ?? sent[0].Last!;
        var isForward = command.Kind == CommandKind.Forward;
        _calls[request.Seq] = (release.Uid, release.Status!.Revision, isForward, command.Cause);
        if (isForward)
        {
            JudgeForward(release, rows, sent);
        }
        else
        {
            JudgeBack(release, sent, version);
        }
    }

    /// <summary>I5: the intent and its rows are stored; they also say whose call it is.</summary>
    private (ReleaseObject Release, Dictionary<DeviceId, LedgerRow> Rows) Intended(
        HashSet<DeviceId> ids,
        string? version
    )
    {
        foreach (var json in _world.Cluster.All(Kinds.Release))
        {
            var release = ReleaseObject.Of(json);
            if (release.Status?.InFlight is not { } intent || intent.Version != version || intent.Count != ids.Count)
            {
                continue;
            }

            var rows = _ledgers.Of(release.Uid);
            if (ids.All(id => rows.TryGetValue(id, out var row) && (row.Next ?? row.Last)?.Batch == intent.Batch))
            {
                return (release, rows);
            }
        }

        throw new Violation(
            "I5",
            $"a call to {version ?? "nothing"} for {ids.Count} devices without stored rows and intent"
        );
    }

    private void JudgeForward(ReleaseObject release, Dictionary<DeviceId, LedgerRow> rows, List<LedgerRow> sent)
    {
        var status = release.Status!;
        Violation.If(status.Latch is not null, "I7", "forward while rolling back");
        Violation.If(status.Pause is not null, "I7", "forward while paused by policy");
        Violation.If(status.Result == RevisionResult.RolledBack, "I7", "forward after a rollback");
        var isUnchanged = status.ObservedGeneration == release.Meta.Generation;
        if (isUnchanged)
        {
            Violation.If(release.Spec.Paused, "I7", "forward while paused");
            Violation.If(release.Meta.DeletionTimestamp is not null, "I7", "forward while deleting");
            Contained(release, sent);
            Budget(release, rows);
        }

        foreach (var row in sent)
        {
            Previous(row);
            NotForeign(row, row.Next ?? row.Last!);
        }
    }

    /// <summary>I2: named, not excluded, not another's; what changed lately may not have been seen.</summary>
    private void Contained(ReleaseObject release, List<LedgerRow> sent)
    {
        var selection = new Selection(release.Spec);
        foreach (var row in sent.Where(row => !IsTouched(row.Device)))
        {
            var device = Device(row.Device);
            var seen = new DeviceRow(
                row.Device,
                DeviceClass.EdgeCompute,
                device.AgentVersion,
                new TagSet(device.Tags),
                device.Connected,
                null
            );
            Violation.If(!selection.Claims(seen), "I2", $"{row.Device} is not selected");
        }
    }

    /// <summary>I1: never more moved than the persisted step's share, never more away than maxUnavailable.</summary>
    private void Budget(ReleaseObject release, Dictionary<DeviceId, LedgerRow> rows)
    {
        var (spec, status) = (release.Spec, release.Status!);
        _mostEligible = Math.Max(_mostEligible, _plant.Application.Devices.Count);
        var total = _mostEligible;
        var moved = rows.Values.Count(row =>
            row.Revision == status.Revision
            && row.Closed is null
            && (row.IsTried || row.Next is { Kind: CommandKind.Forward })
            && Device(row.Device).DeletedAt is null
            && !WasTouched(row.Device)
        );
        var steps = spec.Rollout?.Steps ?? [];
        var isStepped = steps.Count > 0 && !status.FastLane && status.Step is { Passed: false };
        var share = isStepped
            ? Math.Min(
                steps[Math.Min(status.Step!.Index, steps.Count) - 1].Percentage ?? 100,
                spec.RolloutPercentage ?? 100
            )
            : spec.RolloutPercentage ?? 100;
        var cap = Share.Part(share, total);
        var wasHidden = _world.Losant.Faults.Counts.GetValueOrDefault(FaultKind.MissingRows) > 0;
        Violation.If(moved > cap && !wasHidden, "I1", $"{moved} moved, {share} % of {total} is {cap}");
        var limit = spec.Limits.MaxUnavailable;
        var most = limit.IsPercent ? Math.Max(1, limit.Value * total / 100) : limit.Value;
        var away = rows.Values.Count(row => row.Revision == status.Revision && row.Closed is null && IsAway(row));
        Violation.If(away > most, "I1", $"{away} away of at most {most}");
    }

    private bool IsAway(LedgerRow row)
    {
        var command = row.Next ?? row.Last;
        return command is { Kind: CommandKind.Forward, WasConnected: true }
            && !IsTouched(row.Device)
            && Device(row.Device).Connected
            && Row(row.Device) is { } state
            && state.Desired == command.Version
            && state.Current != command.Version;
    }

    /// <summary>I8: what a device goes back to is something that it ran or was told before us.</summary>
    private void Previous(LedgerRow row)
    {
        var device = Device(row.Device);
        var had = _world
            .Losant.Record.Entries.OfType<DeviceChangeRecord>()
            .Where(change => change.DeviceId == device.Id && change.Field != ChangedField.Connected)
            .SelectMany(change => new[] { change.From, change.To });
        Violation.If(
            row.Previous is not null && Row(row.Device)?.Current != row.Previous && !had.Contains(row.Previous),
            "I8",
            $"{row.Device} never had {row.Previous}"
        );
    }

    private void JudgeBack(ReleaseObject release, List<LedgerRow> sent, string? version)
    {
        var isRemoval =
            release.Meta.DeletionTimestamp is not null && release.Spec.Policy.OnDelete == DeletePolicy.Remove;
        foreach (var row in sent)
        {
            Violation.If(
                version != row.Previous && !(isRemoval && version is null),
                "I8",
                $"{row.Device} goes to {version ?? "nothing"}, not to {row.Previous ?? "nothing"}"
            );
            NotForeign(row, row.Next ?? row.Last!);
        }
    }

    /// <summary>I3: what is overwritten is ours, or what was there when we planned.</summary>
    private void NotForeign(LedgerRow row, Command command)
    {
        var desired = Row(row.Device)?.Desired;
        var isKnown = desired == command.Version || desired == command.From || desired == row.Previous;
        Violation.If(
            !isKnown && !IsTouched(row.Device),
            "I3",
            $"{row.Device} had {desired ?? "nothing"}, neither {command.From ?? "nothing"} nor {command.Version ?? "nothing"}"
        );
    }

    /// <summary>I4: one effective forward change for each attempt.</summary>
    private void JudgeChange(DeviceChangeRecord change, long cause)
    {
        if (!_calls.TryGetValue(cause, out var call))
        {
            return;
        }

        var key = (call.Uid, call.Revision, change.DeviceId);
        if (!call.IsForward)
        {
            if (call.Cause == BackCause.Lowered)
            {
                _forwards.Remove(key);
            }

            return;
        }

        var count = _forwards[key] = _forwards.GetValueOrDefault(key) + 1;
        Violation.If(
            count > 2 && !_plant.Touched.ContainsKey(change.DeviceId),
            "I4",
            $"{change.DeviceId} was sent forward {count} times in r{call.Revision}"
        );
    }

    private bool IsTouched(DeviceId id) =>
        _plant.Touched.TryGetValue(id.ToString(), out var at) && _world.Time.Now - at < Lag;

    /// <summary>Whether somebody else ever wrote to it, or it was tagged, removed or brought back: it may lie outside.</summary>
    private bool WasTouched(DeviceId id) =>
        _plant.Touched.GetValueOrDefault(id.ToString()) > _world.Losant.Options.StartAt;

    private SimulatedDevice Device(DeviceId id) => _plant.Application.FindDevice(id.ToString())!;

    private RowState? Row(DeviceId id) => Device(id).FindRow(_plant.Flow)?.State;
}

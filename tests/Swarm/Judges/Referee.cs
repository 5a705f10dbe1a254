using System.Text.Json;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Judges every release call as it reaches the simulated Losant, by what both servers hold at that moment.</summary>
internal sealed class Referee
{
    private readonly World _world;
    private readonly Ledgers _ledgers;
    private readonly ShareJudge _share;
    private readonly StepJudge _step;
    private readonly OwnerJudge _owner;
    private readonly BrakeJudge _brake;
    private readonly MinuteJudge _minute;
    private readonly DriftJudge _drift;
    private readonly GateJudge _gate;
    private readonly HoursJudge _hours;
    private readonly GroupJudge _group;
    private readonly EvidenceJudge _evidence;
    private readonly AccessJudge _access;
    private readonly LossJudge _losses;
    private readonly Truth _truth;
    private readonly Dictionary<long, JudgedCall> _calls = [];
    private readonly Dictionary<string, int> _late = [];

    public Referee(World world, Plant plant)
    {
        (_world, _ledgers) = (world, new Ledgers(world));
        var truth = _truth = new Truth(world, plant);
        var owners = new Owners(world, plant);
        _share = new ShareJudge(truth, owners);
        _evidence = new EvidenceJudge(plant, truth);
        _step = new StepJudge(truth, _evidence);
        _owner = new OwnerJudge(truth, owners);
        _brake = new BrakeJudge(world, plant, truth);
        _minute = new MinuteJudge(truth);
        _drift = new DriftJudge(world, plant);
        _gate = new GateJudge(world, truth);
        _hours = new HoursJudge(truth);
        _group = new GroupJudge(truth);
        _access = new AccessJudge(world, plant, truth);
        _losses = new LossJudge(truth);
        world.Losant.Record.Subscribe(Judge);
    }

    /// <summary>The first violation; it is thrown after the event, so that the simulation itself is not disturbed.</summary>
    public Violation? Found { get; private set; }

    /// <summary>Release calls judged.</summary>
    public int Calls { get; private set; }

    /// <summary>Rollbacks because of losses that were judged.</summary>
    public int Losses => _losses.Judged;

    /// <summary>Calls of replicas that led no longer.</summary>
    public int LateCalls { get; private set; }

    private void Judge(RecordEntry entry)
    {
        if (Found is not null)
        {
            return;
        }

        try
        {
            _brake.SeeStatuses();
            switch (entry)
            {
                case RequestRecord { Method: "POST" } request:
                    JudgeCall(request);
                    break;
                case RequestRecord request:
                    _step.SeeRead(request);
                    break;
                case DeviceChangeRecord { Field: ChangedField.Desired, Cause.Request: { } cause } change
                    when change.From != change.To && _calls.TryGetValue(cause, out var call):
                    JudgeChange(call, change);
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
        using var body = JsonDocument.Parse(request.Body!);
        if (IsOfAnotherFlow(request, body.RootElement))
        {
            return;
        }

        Calls++;
        Violation.If(
            !request.Path.EndsWith($"/{_truth.Kind}/deployments/release", StringComparison.Ordinal),
            "I2",
            $"POST {request.Path}"
        );
        Violation.If(body.RootElement.TryGetProperty("deviceTags", out _), "I2", "deviceTags were sent");
        var version = body.RootElement.GetProperty("version").GetString();
        var ids = body
            .RootElement.GetProperty("deviceIds")
            .EnumerateArray()
            .Select(id => DeviceId.Parse(id.GetString()!))
            .ToHashSet();
        Violation.If(ids.Count is 0 or > 1000, "I2", $"{ids.Count} ids");
        if (IsLate(request))
        {
            return;
        }

        if (Intended(request.Seq, ids, version) is not { } call)
        {
            return;
        }

        _calls[request.Seq] = call;
        _access.Judge();
        BrakeJudge.JudgeMode(call);
        _owner.JudgeOwner(call);
        _hours.Judge(call);
        _group.Judge(call);
        if (call.IsForward)
        {
            _brake.Judge(call);
            _gate.Judge(call);
            _evidence.Judge(call);
            _owner.JudgeForward(call);
            _share.Judge(call);
            _step.Judge(call);
        }
        else
        {
            OwnerJudge.JudgeBack(call);
            EvidenceJudge.JudgeBack(call);
            _losses.JudgeBack(call);
            _evidence.JudgeLost(call);
        }
    }

    /// <summary>A release of another flow is judged by a referee of its own; an export moves nothing.</summary>
    private bool IsOfAnotherFlow(RequestRecord request, JsonElement body) =>
        request.Path.EndsWith("/embedded/deployments/export", StringComparison.Ordinal)
        || (
            body.TryGetProperty("flowId", out var flow)
            && flow.ValueKind == JsonValueKind.String
            && flow.GetString() != _truth.Flow.Id
        );

    private void JudgeChange(JudgedCall call, DeviceChangeRecord change)
    {
        _owner.JudgeChange(call, change);
        _drift.JudgeChange(call, change);
        _minute.Judge(call, change);
    }

    /// <summary>I12: a replica that led no longer when its call arrived may have had one batch under way, no more.</summary>
    private bool IsLate(RequestRecord request)
    {
        if (request.Sender is not { } sender)
        {
            return false;
        }

        var holder = _world
            .Cluster.Get(ResourceKind.Lease, World.Lease)
            ?.GetProperty("spec")
            .GetProperty("holderIdentity");
        if (holder is null || holder.Value.GetString() == sender)
        {
            _late.Remove(sender);
            return false;
        }

        LateCalls++;
        var count = _late[sender] = _late.GetValueOrDefault(sender) + 1;
        Violation.If(count > 1, "I12", $"{count} calls of {sender} while {holder} led");
        return true;
    }

    /// <summary>I5: the intent and its rows are stored; they also say whose call it is. Of several releases that fit it is
    /// the one that stored its intent last: what another intended before may not be resolved yet. Null when somebody
    /// deleted the rows before the call had arrived.</summary>
    private JudgedCall? Intended(long seq, HashSet<DeviceId> ids, string? version) =>
        _world
            .Cluster.All(Kinds.Release)
            .Select(json => Fitting(seq, ReleaseObject.Of(json), ids, version))
            .OfType<JudgedCall>()
            .MaxBy(call => call.Release.Status!.InFlight!.At)
        ?? (
            _truth.Now - _truth.LedgerLostAt < Truth.Underway || WasDeleted()
                ? null
                : throw new Violation(
                    "I5",
                    $"a call to {version ?? "nothing"} for {ids.Count} devices without stored rows and intent"
                )
        );

    /// <summary>Whether a release went away while the call was under way.</summary>
    private bool WasDeleted() =>
        Enumerable
            .Reverse(_world.Cluster.Record)
            .TakeWhile(write => _truth.Now - write.At < Truth.Underway)
            .Any(write => write.Kind == Kinds.Release && write.Event == WatchEventKind.Deleted);

    private JudgedCall? Fitting(long seq, ReleaseObject release, HashSet<DeviceId> ids, string? version)
    {
        if (release.Status?.InFlight is not { } intent || intent.Version != version || intent.Count != ids.Count)
        {
            return null;
        }

        var rows = _ledgers.Of(release.Uid);
        var fits =
            ids.All(id => rows.TryGetValue(id, out var row) && (row.Next ?? row.Last)?.Batch == intent.Batch)
            && ids.All(id => JudgedCall.Command(rows[id]).Version == version);
        return fits
            ? new JudgedCall(seq, release, rows, [.. ids.Select(id => rows[id])]) { Guard = _truth.Guard }
            : null;
    }
}

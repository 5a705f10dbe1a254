using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Judges where everything ended once faults had stopped and nobody changed anything any more.</summary>
/// <param name="world">The world.</param>
/// <param name="plant">What is in the field.</param>
/// <param name="watched">For how long.</param>
internal sealed class Verdicts(World world, Plant plant, Watched watched)
{
    private static readonly TimeSpan Patience = TimeSpan.FromHours(6);

    private readonly Ledgers _ledgers = new(world);

    /// <summary>I18, I19, I14, I20: a settled phase, and it stays, and it is true.</summary>
    public void Judge(Referee referee)
    {
        world.Run(watched.Settling);
        var isSettled = world.RunUntil(() => referee.Found is not null || IsAllSettled(), Patience);
        if (referee.Found is { } found)
        {
            throw found;
        }

        Violation.If(
            !isSettled,
            "I19",
            "not settled: " + string.Join("; ", Releases().Where(each => !IsSettled(each)).Select(Says))
        );
        Quiet();
        foreach (var release in Releases())
        {
            True(release);
        }
    }

    /// <summary>Settled, and nothing was sent or written for longer than any time that a device may take.</summary>
    private bool IsAllSettled()
    {
        var since = world.Time.Now - watched.Settling;
        var isQuiet = Releases().Exists(IsTryingForEver) || (Calls(since) == 0 && Writes(since).Count == 0);
        return isQuiet && Releases().All(IsSettled);
    }

    /// <summary>Whether a device refuses what it ran before: rule 11 names it and goes on trying.</summary>
    private bool IsTryingForEver(ReleaseObject release) =>
        _ledgers
            .Of(release.Uid)
            .Values.Any(row =>
                row is { Closed: null, Last: { Kind: CommandKind.Back, Repeats: > 0 } last }
                && Device(row.Device).Behaviour.Outcomes.GetValueOrDefault(new OutcomeKey(null, last.Version))
                    is { Kind: not OutcomeKind.Works }
            );

    private List<ReleaseObject> Releases() => [.. world.Cluster.All(Kinds.Release).Select(ReleaseObject.Of)];

    private static bool IsSettled(ReleaseObject release)
    {
        var status = release.Status;
        return release.Meta.DeletionTimestamp is null
            && status?.ObservedGeneration == release.Meta.Generation
            && status.Phase
                is Phase.Complete
                    or Phase.AtPercentage
                    or Phase.RolledBack
                    or Phase.Paused
                    or Phase.Blocked
                    or Phase.Waiting;
    }

    private void Quiet()
    {
        var began = world.Time.Now;
        var phases = Phases();
        world.Run(watched.Settled);

        var tried = Releases().Where(IsTryingForEver).Select(release => release.Key.Name).ToHashSet();
        var calls = tried.Count == 0 ? Calls(began) : 0;
        var writes = Writes(began)
            .Where(write => !tried.Any(name => write.Key.Name.StartsWith(name, StringComparison.Ordinal)))
            .ToList();
        Violation.If(calls > 0, "I19", $"{calls} calls after everything had settled");
        Violation.If(
            writes.Count > 0,
            "I19",
            $"{writes.Count} writes after everything had settled: {Says(Releases().FirstOrDefault())}"
        );
        Violation.If(phases != Phases(), "I19", $"{phases} became {Phases()} after everything had settled");
    }

    private string Phases() =>
        string.Join(", ", Releases().Select(release => $"{release.Key.Name} {release.Status?.Phase}"));

    private int Calls(DateTimeOffset since) =>
        Newest(world.Losant.Record.Entries).TakeWhile(entry => entry.At >= since).Count(IsCall);

    private List<ClusterWrite> Writes(DateTimeOffset since) =>
        [.. Newest(world.Cluster.Record).TakeWhile(write => write.At >= since).Where(IsOurs)];

    private static IEnumerable<T> Newest<T>(IReadOnlyList<T> entries)
    {
        for (var i = entries.Count - 1; i >= 0; i--)
        {
            yield return entries[i];
        }
    }

    private static bool IsCall(RecordEntry entry) => entry is RequestRecord { Method: "POST" };

    private static bool IsOurs(ClusterWrite write) => write.Kind.Group == ApiGroup.Name;

    /// <summary>The status against the simulated Losant's truth.</summary>
    private void True(ReleaseObject release)
    {
        var rows = _ledgers.Of(release.Uid);
        var status = release.Status!;
        switch (status.Phase)
        {
            case Phase.Complete:
                Converged(release, rows);
                break;
            case Phase.RolledBack:
                Restored(release, rows);
                break;
            default:
                break;
        }

        if (status.Latch is { Kind: LatchKind.Breach })
        {
            Violation.If(status.Evidence?.Failures == 0, "I10", "a breach without failures");
        }

        foreach (var row in rows.Values.Where(row => row is { Outcome: Outcome.Failed, Closed: null }))
        {
            Violation.If(
                IsGood(row),
                "I9",
                $"{row.Device} failed on {row.Last?.Version}: {row.Error}, which always works there"
            );
        }
    }

    private bool IsGood(LedgerRow row) =>
        !plant.MayFailInnocently
        && !plant.Touched.Any(pair => pair.Key == row.Device.ToString() && pair.Value > world.Losant.Options.StartAt)
        && row.Error is { } error
        && error.Contains("sensor", StringComparison.Ordinal)
        && Device(row.Device).Behaviour.Outcomes.Values.All(outcome => outcome.Kind == OutcomeKind.Works);

    /// <summary>Complete: every reachable device that is ours and was not lost, failed or ignored runs the version.</summary>
    private void Converged(ReleaseObject release, Dictionary<DeviceId, LedgerRow> rows)
    {
        var version = release.Spec.Remove ? null : release.Spec.Version;
        var selection = new Selection(release.Spec);
        foreach (
            var device in plant.Application.Devices.Where(device => device is { Connected: true, DeletedAt: null })
        )
        {
            var id = DeviceId.Parse(device.Id);
            var seen = new DeviceRow(
                id,
                DeviceClass.EdgeCompute,
                device.AgentVersion,
                new TagSet(device.Tags),
                true,
                null
            );
            var row = rows.GetValueOrDefault(id);
            var isExcused =
                row is { Outcome: Outcome.Failed or Outcome.Lost or Outcome.NotAccepted }
                || plant.Touched.GetValueOrDefault(device.Id) > world.Losant.Options.StartAt;
            if (
                !selection.Claims(seen)
                || isExcused
                || release.Status!.Devices?.Conflicted > 0
                || plant.MayFailInnocently
            )
            {
                continue;
            }

            var state = device.FindRow(plant.Flow)?.State;
            Violation.If(
                state?.Current != version,
                "I14",
                $"Complete, but {id} runs {state?.Current ?? "nothing"} and was told {state?.Desired ?? "nothing"}"
            );
        }
    }

    /// <summary>RolledBack: whatever was moved and is still ours was told to go back to its own previous version.</summary>
    private void Restored(ReleaseObject release, Dictionary<DeviceId, LedgerRow> rows)
    {
        var latch = release.Status!.Latch!;
        if (latch.Scope != RollbackScope.Release)
        {
            return;
        }

        var moved = rows.Values.Where(row =>
            row is { Closed: null, Last: not null } && row.Revision == release.Status.Revision
        );
        foreach (
            var row in moved.Where(row =>
                !plant.Touched.TryGetValue(row.Device.ToString(), out var at) || at <= world.Losant.Options.StartAt
            )
        )
        {
            var state = Device(row.Device).FindRow(plant.Flow)?.State;
            var isOurs = row.Last!.Kind == CommandKind.Back || state?.Desired == row.Last.Version;
            Violation.If(
                isOurs && state?.Desired != row.Previous,
                "I14",
                $"RolledBack, but {row.Device} was told {state?.Desired ?? "nothing"}, not {row.Previous ?? "nothing"}"
            );
        }
    }

    private SimulatedDevice Device(DeviceId id) => plant.Application.FindDevice(id.ToString())!;

    private static string Says(ReleaseObject? release) =>
        release is null ? "" : $"{release.Key.Name} {release.Status?.Phase} {release.Status?.Message}";
}

/// <summary>For how long a world is watched.</summary>
/// <param name="Settling">Longer than any time that a device or the operator may take: so long nothing happens.</param>
/// <param name="Settled">Then so long nothing may happen.</param>
internal sealed record Watched(TimeSpan Settling, TimeSpan Settled);

using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Judges where everything ended once faults had stopped and nobody changed anything any more.</summary>
/// <param name="world">The world.</param>
/// <param name="plant">What is in the field.</param>
/// <param name="watched">For how long.</param>
internal sealed class Verdicts(World world, Plant plant, Watched watched)
{
    private static readonly TimeSpan LeastPatience = TimeSpan.FromHours(6);

    /// <summary>Longer than one device takes that goes alone, fails, goes back and is tried again.</summary>
    private static readonly TimeSpan PatienceForOne = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    private readonly Ledgers _ledgers = new(world);

    /// <summary>I18, I19, I14, I20: a settled phase, and it stays, and it is true.</summary>
    public void Judge(Referee referee)
    {
        world.Run(watched.Settling);
        var devices = world.Losant.Applications.Sum(application => application.Devices.Count);
        var patience = PatienceForOne * devices > LeastPatience ? PatienceForOne * devices : LeastPatience;
        var isSettled = world.RunUntil(() => referee.Found is not null || IsAllSettled(), patience, AMinute);
        if (referee.Found is { } found)
        {
            throw found;
        }

        Violation.If(
            !isSettled,
            "I19",
            $"not settled: {Calls(Recently)} calls and {Writes(Recently).Count} writes lately, "
                + string.Join("; ", Releases().Select(Says))
        );
        Quiet();
        new StatusJudge(world, plant).Judge(Releases());
        new DeadlineJudge(world, plant).Judge();
        new TokenJudge(world).Judge();
    }

    /// <summary>Settled, and nothing was sent or written for longer than any time that a device may take.</summary>
    private bool IsAllSettled()
    {
        var isQuiet = Calls(Recently) == 0 && Writes(Recently).Count == 0;
        var releases = Releases();
        return (isQuiet || releases.Exists(IsTryingForEver))
            && releases.TrueForAll(each => IsSettled(each) || IsTryingForEver(each));
    }

    /// <summary>Whether a device refuses what it ran before: rule 11 names it and goes on trying.</summary>
    private bool IsTryingForEver(ReleaseObject release) =>
        _ledgers
            .Of(release.Uid)
            .Values.Any(row =>
                row is { Closed: null, Last: { Kind: CommandKind.Back, Repeats: > 0 } last }
                && Refuses(Found(row.Device.ToString()), last.Version)
            );

    private SimulatedDevice Found(string device) =>
        world
            .Losant.Applications.Select(application => application.FindDevice(device))
            .First(found => found is not null)!;

    /// <summary>Whether a device refuses a version; a microcontroller that refuses any flow of its bundle refuses
    /// all, and one whose bundle was loaded by hand runs that until Losant builds another.</summary>
    private static bool Refuses(SimulatedDevice device, string? version) =>
        device.Bundle is null
            ? device.Behaviour.Outcomes.GetValueOrDefault(new OutcomeKey(null, version))
                is { Kind: not OutcomeKind.Works }
            : device.Bundle.State.IsUnknown
                || device.Rows.Any(row =>
                    device.Behaviour.Outcomes.GetValueOrDefault(new OutcomeKey(null, row.State.Desired))
                        is { Kind: not OutcomeKind.Works }
                );

    /// <summary>Whether it says that a device cannot go back because Losant no longer has the version: that waits for a
    /// person, without a call or a write.</summary>
    private static bool SaysWhatIsGone(ReleaseObject release) =>
        release.Status!.Message?.Contains("cannot go back to", StringComparison.Ordinal) == true;

    private DateTimeOffset Recently => world.Time.Now - watched.Settling;

    private List<ReleaseObject> Releases() => [.. world.Cluster.All(Kinds.Release).Select(ReleaseObject.Of)];

    private static bool IsSettled(ReleaseObject release)
    {
        var status = release.Status;
        return release.Meta.DeletionTimestamp is null
            && status?.ObservedGeneration == release.Meta.Generation
            && (
                status.Phase
                    is Phase.Complete
                        or Phase.Observing
                        or Phase.AtPercentage
                        or Phase.RolledBack
                        or Phase.Paused
                        or Phase.Blocked
                        or Phase.Waiting
                || status is { Phase: Phase.RollingBack, WaitingFor.Kind: WaitingKind.Budget }
                || SaysWhatIsGone(release)
            );
    }

    private void Quiet()
    {
        var began = world.Time.Now;
        var clocked = Releases().Where(GoesByTheClock).ToList();
        var phases = Phases(clocked);
        world.Run(watched.Settled);

        var tried = Releases().Where(IsTryingForEver).Concat(clocked).ToList();
        var calls = tried.Count == 0 ? Calls(began) : 0;
        var writes = Writes(began).Where(write => !tried.Exists(release => IsOf(write, release))).ToList();
        Violation.If(calls > 0, "I19", $"{calls} calls after everything had settled");
        Violation.If(
            writes.Count > 0,
            "I19",
            $"{writes.Count} writes after everything had settled, {string.Join(", ", writes.Select(Says))}: "
                + Says(Releases().FirstOrDefault())
        );
        var now = Phases(clocked);
        Violation.If(phases != now, "I19", $"{phases} became {now} after everything had settled");
    }

    /// <summary>Whether a release that has not ended has windows: where one opens or closes, it has something to say or to
    /// do.</summary>
    private bool GoesByTheClock(ReleaseObject release) =>
        release.Status?.Phase == Phase.Waiting
        && (
            release.Spec.Schedule.Windows.Count > 0
            || ApplicationObject
                .Of(world.Cluster.Get(Kinds.Application, new(World.Namespace, release.Spec.Application!))!.Value)
                .Spec.Schedule.Windows.Count > 0
        );

    /// <summary>Whether a write is of a release, its ledger or its application: the status of an application counts the
    /// rows of Losant, and a device that never ran the flow gets its row when the release moves it.</summary>
    private static bool IsOf(ClusterWrite write, ReleaseObject release) =>
        write.Kind == Kinds.Application
            ? write.Key.Name == release.Spec.Application
            : write.Key.Name.StartsWith(release.Key.Name, StringComparison.Ordinal);

    private string Phases(IReadOnlyCollection<ReleaseObject> but) =>
        string.Join(
            ", ",
            Releases()
                .Where(release => !but.Any(other => other.Key == release.Key))
                .Select(release => $"{release.Key.Name} {release.Status?.Phase}")
        );

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

    private static string Says(ClusterWrite write) => $"{write.Kind.Kind} {write.Key.Name} at {write.At:HH:mm:ss}";

    private static string Says(ReleaseObject? release) =>
        release is null
            ? ""
            : $"{release.Key.Name} {release.Status?.Phase} {release.Status?.Message} {release.Status?.Devices} {release.Status?.Observation}";
}

/// <summary>For how long a world is watched.</summary>
/// <param name="Settling">Longer than any time that a device or the operator may take: so long nothing happens.</param>
/// <param name="Settled">Then so long nothing may happen.</param>
internal sealed record Watched(TimeSpan Settling, TimeSpan Settled);

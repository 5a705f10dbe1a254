using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Holds the statuses of a world at rest against what is true: I9, I10, I13 and I14.</summary>
internal sealed class StatusJudge(World world, Plant plant)
{
    private readonly Ledgers _ledgers = new(world);
    private readonly Truth _truth = new(world, plant);

    public void Judge(IReadOnlyList<ReleaseObject> all)
    {
        var releases = all.Where(release => release.Spec.Flow == plant.Flow.Name).ToList();
        foreach (var release in releases)
        {
            var rows = _ledgers.Of(release.Uid);
            Outcomes(release, rows);
            if (releases.Count == 1)
            {
                Counted(release, rows);
                new OfflineJudge(_truth, plant).Judge(release, rows);
            }

            switch (release.Status!.Phase)
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
        }

        Newborn();
    }

    private void Outcomes(ReleaseObject release, Dictionary<DeviceId, LedgerRow> rows)
    {
        var lost = rows.Values.Count(row => row.Outcome == Outcome.Lost);
        Violation.If(
            release.Status!.Latch is { Kind: LatchKind.Breach }
                && release.Status.Evidence?.Failures == 0
                && lost < 2
                && plant.LedgerLostAt is null,
            "I10",
            $"a breach without failures or losses: {string.Join("; ", rows.Values)}"
        );
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
        && !plant.Foreign.ContainsKey(row.Device.ToString())
        && row.Error is { } error
        && error.Contains("sensor", StringComparison.Ordinal)
        && _truth.Device(row.Device).Behaviour.Outcomes.Values.All(outcome => outcome.Kind == OutcomeKind.Works);

    /// <summary>The counts of a release that shares its devices with nobody.</summary>
    private void Counted(ReleaseObject release, Dictionary<DeviceId, LedgerRow> rows)
    {
        if (release.Status is not { Devices: { } counts, Phase: not Phase.Blocked } status)
        {
            return;
        }

        var selection = new Selection(release.Spec) { Guard = plant.Guard };
        var there = _truth.Devices.Where(device => device.DeletedAt is null).ToList();
        var matched = there.Count(device => selection.Matches(Truth.Seen(device)));
        Violation.If(counts.Matched != matched, "I14", $"{counts.Matched} matched, in truth {matched}");
        var sum = counts.Updated + counts.Updating + counts.Failed + counts.Lost + counts.Deferred + counts.Waiting;
        Violation.If(counts.Eligible != sum, "I14", $"{counts.Eligible} eligible, but their states add up to {sum}");
        // A bundle that somebody loaded by hand is nobody's to move, unless the release says so.
        var mayTakeAny = release.Spec.Embedded.AllowUnknownBundle;
        var selected = there
            .Where(device => selection.Claims(Truth.Seen(device)))
            .Where(device => mayTakeAny || device.Bundle is not { State.IsUnknown: true })
            .ToList();
        var isPlain = counts is { Drifted: 0, Conflicted: 0, Unknown: 0 } && !release.Spec.Remove;
        Violation.If(
            isPlain && counts.Eligible != selected.Count,
            "I14",
            $"{counts.Eligible} eligible, in truth {selected.Count}"
        );
        // No revision begins while a release only observes: it counts for what the spec asks.
        var version = status.Phase == Phase.Observing ? release.Spec.Version : status.Version?.Name;
        var running = selected.Count(device => device.FindRow(plant.Flow)?.State.Current == version);
        Violation.If(counts.Updated > running, "I14", $"{counts.Updated} updated, in truth {running} run {version}");
        var failed = rows.Values.Count(row =>
            row is { Outcome: Outcome.Failed, Closed: null } && row.Revision == status.Revision
        );
        Violation.If(
            counts.Failed > failed && plant.LedgerLostAt is null,
            "I14",
            $"{counts.Failed} failed, but {failed} by the ledger"
        );
    }

    /// <summary>Complete: every reachable device that is ours and was not lost, failed or ignored runs the version, or
    /// is counted as waiting.</summary>
    private void Converged(ReleaseObject release, Dictionary<DeviceId, LedgerRow> rows)
    {
        var status = release.Status!;
        var version = release.Spec.Remove ? null : release.Spec.Version;
        var selection = new Selection(release.Spec) { Guard = plant.Guard };
        var behind = 0;
        foreach (var device in _truth.Devices.Where(device => device.Connected && Truth.IsSelected(selection, device)))
        {
            var id = DeviceId.Parse(device.Id);
            var isExcused =
                rows.GetValueOrDefault(id)
                    is { Outcome: Outcome.Failed or Outcome.Lost or Outcome.NotAccepted or Outcome.Confounded }
                || plant.Foreign.ContainsKey(device.Id)
                || plant.MayFailInnocently
                || status.Devices?.Conflicted > 0;
            var state = device.FindRow(plant.Flow)?.State;
            behind += state?.Current != version && !isExcused ? 1 : 0;
        }

        // What another release commanded and then let go is no longer ours, and named as such.
        var counted = status.Devices is { } counts ? counts.Waiting + counts.Updating + counts.Drifted : 0;
        // While it is at rest an operator that goes on does not notice that somebody deleted the ledger: it knows who failed.
        counted += plant.LedgerLostAt is not null && rows.Count == 0 ? status.Devices?.Failed ?? 0 : 0;
        Violation.If(
            behind > counted,
            "I14",
            $"Complete, but {behind} devices do not run {version ?? "nothing"} and {counted} are counted as waiting"
        );
    }

    /// <summary>RolledBack: whatever was moved and is still ours was told to go back to its own previous version.</summary>
    private void Restored(ReleaseObject release, Dictionary<DeviceId, LedgerRow> rows)
    {
        if (release.Status!.Latch!.Scope != RollbackScope.Release)
        {
            return;
        }

        var moved = rows.Values.Where(row =>
            row is { Closed: null, Last: not null }
            && row.Revision == release.Status.Revision
            && !plant.Foreign.ContainsKey(row.Device.ToString())
            && _truth.Device(row.Device).DeletedAt is null
            && _truth.IsInGuard(row.Device)
            && (row.Previous is null || plant.Flow.FindVersion(row.Previous) is not null)
        );
        foreach (var row in moved)
        {
            var desired = _truth.Row(row.Device)?.Desired;
            var isOurs = row.Last!.Kind == CommandKind.Back || desired == row.Last.Version;
            Violation.If(
                isOurs && desired != row.Previous,
                "I14",
                $"RolledBack, but {row.Device} was told {desired ?? "nothing"}, not {row.Previous ?? "nothing"}"
            );
        }
    }

    /// <summary>I13: the first thing stored about a uid knows nothing of an object of the same name before it.</summary>
    private void Newborn()
    {
        var known = new HashSet<string>();
        foreach (var write in world.Cluster.Record.Where(write => write.Kind == Kinds.Release))
        {
            if (
                known.Contains(ResourceJson.UidOf(write.After)!)
                || ReleaseObject.Of(write.After) is not { Status: { Revision: > 0 } status } release
            )
            {
                continue;
            }

            known.Add(release.Uid);
            Violation.If(
                status.Revision > release.Meta.Generation,
                "I13",
                $"{release.Key} begins with r{status.Revision} at generation {release.Meta.Generation}"
            );
            var born = release.Meta.CreationTimestamp - TimeSpan.FromSeconds(2);
            Violation.If(
                status.KnownBad.Any(bad => bad.At < born) || status.History.Any(past => past.StartedAt < born),
                "I13",
                $"{release.Key} begins with a past"
            );
        }
    }
}

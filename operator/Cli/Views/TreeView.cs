using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Planning;

namespace EdgeRelease.Cli;

/// <summary>A release with what it remembers of its devices.</summary>
/// <param name="Release">The object.</param>
/// <param name="Rows">Its ledger.</param>
internal sealed record Sight(ReleaseObject Release, IReadOnlyList<LedgerRow> Rows)
{
    /// <summary>Its status; an empty one before the first.</summary>
    public EdgeReleaseStatus Status => Release.Status ?? new EdgeReleaseStatus();
}

/// <summary>A release as a tree: where it stands, its steps with their devices, who fails and who is on the way by name, the
/// others counted, and what it waits for.</summary>
internal static class TreeView
{
    private const int Named = 10;
    private const int BarWidth = 30;

    /// <summary>The lines of the tree.</summary>
    /// <param name="sight">What to show.</param>
    /// <param name="now">The time, for what is still to come.</param>
    /// <param name="width">Columns; no line is longer.</param>
    public static IReadOnlyList<Line> Of(Sight sight, DateTimeOffset now, int width)
    {
        var lines = Head(sight, width).ToList();
        Add(lines, Steps(sight.Status));
        Add(lines, Devices(sight, now));
        Add(lines, WaitView.Of(sight, now, width));
        return [.. lines.Select(line => line with { Text = Words.Cut(line.Text, width) })];
    }

    private static void Add(List<Line> lines, IEnumerable<Line> more)
    {
        var part = more.ToList();
        if (part.Count > 0)
        {
            lines.Add(new Line(""));
            lines.AddRange(part);
        }
    }

    private static IEnumerable<Line> Head(Sight sight, int width)
    {
        var (release, status) = (sight.Release, sight.Status);
        var version = release.Spec.Remove ? "the removal" : release.Spec.Version;
        var revision = status.Revision == 0 ? "" : $", revision {status.Revision}";
        var flow = status.Flow?.Name ?? release.Spec.Flow;
        yield return new Line($"{release.Meta.Name}: {version} of {flow}{revision}");
        if (status.Phase is null || status.ObservedGeneration < release.Meta.Generation)
        {
            yield return new Line("the operator has not looked at the present spec yet", Tone.Waits);
        }

        if (status.Phase is { } phase)
        {
            foreach (var line in Words.Wrapped($"{phase}: {status.Message}", width))
            {
                yield return new Line(line, Words.ToneOf(phase));
            }
        }
    }

    private static IEnumerable<Line> Steps(EdgeReleaseStatus status)
    {
        if (status.Plan is not { Steps.Count: > 0 } plan || status.Devices is not { } counts)
        {
            yield break;
        }

        if (status.Rollback is { } back && status.Phase is Phase.RollingBack or Phase.RolledBack)
        {
            var all = back.Restored + back.Pending + back.Failing;
            yield return new Line($"  {"back", -12} {Bar(back.Restored, all)}", Words.ToneOf(status.Phase));
            yield break;
        }

        for (var index = 0; index < plan.Steps.Count; index++)
        {
            var step = plan.Steps[index];
            var name = Words.Cut(step.Name ?? $"step {index + 1}", 12);
            var (mark, tone) = Mark(status, index);
            yield return new Line($"  {name, -12} {Bar(counts.Updated, step.Devices)}   {mark}".TrimEnd(), tone);
        }
    }

    private static (string Mark, Tone Tone) Mark(EdgeReleaseStatus status, int index) =>
        status.Step is not { } step || step.Revision != status.Revision ? ("", Tone.Plain)
        : step.Passed || index + 1 < step.Index ? ("done", Tone.Good)
        : index + 1 == step.Index ? ("now", Words.ToneOf(status.Phase))
        : ("", Tone.Plain);

    private static string Bar(int done, int all)
    {
        var shown = Math.Min(done, all);
        var filled = all == 0 ? 0 : BarWidth * shown / all;
        return $"[{new string('#', filled).PadRight(BarWidth, '.')}] {shown, 5} of {all}";
    }

    private static IEnumerable<Line> Devices(Sight sight, DateTimeOffset now)
    {
        var status = sight.Status;
        foreach (var failing in status.Failing)
        {
            var since = failing.Since is { } at ? $" since {Words.Clock(at, now)}" : "";
            var group = failing.Group is { } name ? $" {name}" : "";
            yield return new Line($"  failing  {failing.Device}{group}{since}", Tone.Bad);
            yield return new Line($"           {failing.Error}", Tone.Bad);
        }

        // The ledger may have been read before the status: it names no more than the status counts.
        var most = status.Devices?.Updating ?? 0;
        var failed = status.Failing.Select(each => each.Device).ToHashSet(StringComparer.Ordinal);
        var moving = sight
            .Rows.Where(row => IsUpdating(row, status.Revision) && !failed.Contains(row.Device.ToString()))
            .Take(most)
            .ToList();
        foreach (var row in moving.Take(Named))
        {
            var since = Words.Clock(row.Last!.At, now);
            yield return new Line(
                $"  updating {row.Device} from {Words.Version(row.Previous)} since {since}",
                Tone.Busy
            );
        }

        if (moving.Count > Named)
        {
            yield return new Line($"  updating {moving.Count - Named} others", Tone.Busy);
        }

        if (status.Devices is { } counts)
        {
            yield return new Line($"  {Counts(counts)}");
        }

        if (status.Plan?.Excluded is { Count: > 0 } excluded)
        {
            yield return new Line(
                $"  excluded: {string.Join(", ", excluded.Select(each => $"{each.Value} {each.Key}"))}"
            );
        }
    }

    /// <summary>Told to run the version of the revision, and without an outcome yet.</summary>
    private static bool IsUpdating(LedgerRow row, int revision) =>
        row is { Outcome: Outcome.None, Closed: null, Last: { Kind: CommandKind.Forward, WasConnected: true } }
        && row.Revision == revision;

    private static string Counts(DeviceCounts counts)
    {
        (string Name, int Number)[] all =
        [
            ("updated", counts.Updated),
            ("updating", counts.Updating),
            ("failed", counts.Failed),
            ("lost", counts.Lost),
            ("offline", counts.Deferred),
            ("waiting", counts.Waiting),
            ("drifted", counts.Drifted),
            ("conflicted", counts.Conflicted),
            ("unknown", counts.Unknown),
            ("left", counts.Left),
        ];
        var some = all.Where(each => each.Number > 0).Select(each => $"{each.Number} {each.Name}");
        return $"{Names.Count(counts.Eligible)}: {string.Join(", ", some)}";
    }
}

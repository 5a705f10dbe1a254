using EdgeRelease.Cli;
using EdgeRelease.Controller;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.House;
using Xunit;

namespace EdgeRelease.Tests.Unit.Cli;

/// <summary>The tree of each state at 80 columns against the text that people have reviewed. UPDATE_GOLDEN=1 writes the
/// texts anew.</summary>
public sealed class TreeViewTests
{
    private const string Second = "'step': {'index': 2, 'of': 3, 'name': 'half', 'revision': 2}";
    private const string Soak =
        "'step': {'index': 2, 'of': 3, 'name': 'half', 'revision': 2, 'soakUntil': '2026-11-22T09:12:30Z'}";
    private const string Third = "'step': {'index': 3, 'of': 3, 'revision': 2, 'passed': true}";

    private static readonly Dictionary<string, (ReleaseObject Release, int Told)> Cases = new(StringComparer.Ordinal)
    {
        ["pending"] = (Sights.Of(null), 0),
        ["planning"] = (Sights.Release("Planning", "the fleet is being read", "'observedGeneration': 2"), 0),
        ["progressing"] = (
            Sights.Release(
                "Progressing",
                "step 2 of 3 half: 12 of 30 updated, 2 updating, 0 failed",
                $"{Second}, {Counts(12, 2)}"
            ),
            2
        ),
        ["progressing-many"] = (
            Sights.Release(
                "Progressing",
                "step 3 of 3: 30 of 60 updated, 24 updating, 0 failed",
                $"{Second}, {Counts(30, 24)}"
            ),
            24
        ),
        ["soaking"] = (
            Sights.Release(
                "Soaking",
                "step 2 of 3 half: 30 of 30 updated, 0 updating, 0 failed; soaking until 2026-11-22T09:12:30Z",
                $"{Soak}, {Counts(30, 0)}"
            ),
            0
        ),
        ["waiting-for-approval"] = (
            Sights.Release(
                "Waiting",
                "step 2 of 3 half has passed; approve r2-s2-7f3a9c to go on to step 3",
                $"{Second}, {Counts(30, 0)}, 'waitingFor': {{'kind': 'Approval', 'token': 'r2-s2-7f3a9c', 'since': '2026-11-22T08:10:00Z'}}"
            ),
            0
        ),
        ["waiting-for-window"] = (
            Sights.Release(
                "Waiting",
                "outside the time window",
                $"{Second}, {Counts(12, 0)}, 'waitingFor': {{'kind': 'Window', 'since': '2026-11-22T08:10:00Z', 'until': '2026-11-23T21:00:00Z'}}"
            ),
            0
        ),
        ["waiting-for-budget"] = (
            Sights.Release(
                "Waiting",
                "all 6 slots are held",
                $"{Second}, {Counts(12, 0, 2)}, 'waitingFor': {{'kind': 'Budget', 'devices': ['575ed18f7ae143cd83dc0001']}}"
            ),
            0
        ),
        ["paused"] = (Sights.Release("Paused", "paused: inventory", $"{Second}, {Counts(12, 0)}"), 0),
        ["paused-by-policy"] = (
            Sights.Release(
                "Paused",
                "2 failed, more than maxFailures 0; approve r2-p1-aa to go on",
                $"{Second}, {Counts(12, 0, 2)}, {Failing}, 'waitingFor': {{'kind': 'Resume', 'token': 'r2-p1-aa', 'since': '2026-11-22T08:10:00Z'}}"
            ),
            0
        ),
        ["rolling-back"] = (
            Sights.Release(
                "RollingBack",
                "rolling back: 2 failed, more than maxFailures 0; 3 restored, 6 restoring, 0 offline",
                $"{Second}, {Counts(12, 0, 2)}, {Failing}, 'rollback': {{'restored': 3, 'pending': 6}}"
            ),
            0
        ),
        ["rolled-back"] = (
            Sights.Release(
                "RolledBack",
                "rolled back: 2 failed, more than maxFailures 0; 9 restored, 0 restoring, 0 offline; release another version, or annotate edgerelease.dev/retry=r2 to try v1.4.0 again",
                $"{Second}, {Counts(0, 0, 2)}, 'rollback': {{'restored': 9}}"
            ),
            0
        ),
        ["complete"] = (
            Sights.Release(
                "Complete",
                "57 of 60 devices run v1.4.0; 3 offline, change on return",
                $"{Third}, {Counts(57, 0)}"
            ),
            0
        ),
        ["at-percentage"] = (
            Sights.Release("AtPercentage", "6 of 60 devices run v1.4.0: 10 %", $"{Third}, {Counts(6, 0)}"),
            0
        ),
        ["observing"] = (Sights.Release("Observing", "would move 60 devices", Counts(0, 0)), 0),
        ["blocked"] = (
            Sights.Release("Blocked", "flow line-monitor has no version v1.4.0: publish it, or correct spec.version"),
            0
        ),
        ["deleting"] = (Sights.Release("Deleting", "12 devices are being restored", $"{Second}, {Counts(12, 0)}"), 0),
    };

    private const string Failing =
        "'failing': [{'device': '575ed18f7ae143cd83dc0001', 'group': 'site=berlin', 'since': '2026-11-22T08:58:00Z', 'error': 'Modbus node: cannot read property register of undefined'}]";

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Shows_each_state_as_reviewed(string name)
    {
        var (release, told) = Cases[name];
        var sight = new Sight(release, [.. Enumerable.Range(1, told).Select(Sights.Told)]);

        var lines = TreeView.Of(sight, Sights.Now, 80);

        Assert.All(lines, line => Assert.InRange(line.Text.Length, 0, 80));
        var text = string.Concat(lines.Select(line => line.Text + "\n"));
        var path = Path.Combine(Tree.Root, "tests", "Unit", "Cli", "Views", name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }

    [Fact]
    public void Colours_no_line_of_a_plain_screen_and_a_toned_one_of_another()
    {
        var line = new Line("done", Tone.Good);

        Assert.Equal("done", new Screen(TextWriter.Null, TextWriter.Null).Painted(line));
        Assert.Equal("\e[32mdone\e[0m", new Screen(TextWriter.Null, TextWriter.Null) { HasColor = true }.Painted(line));
    }

    [Fact]
    public void Names_no_device_as_updating_that_has_an_outcome_or_was_told_in_another_revision()
    {
        LedgerRow[] rows =
        [
            Sights.Told(1) with
            {
                Outcome = Outcome.Confirmed,
            },
            Sights.Told(2) with
            {
                Revision = 1,
            },
            Sights.Told(3) with
            {
                Closed = LedgerRow.HasLeft,
            },
        ];
        var sight = new Sight(Sights.Release("Progressing", "on its way", Counts(12, 1)), rows);

        Assert.DoesNotContain(
            TreeView.Of(sight, Sights.Now, 80),
            line => line.Text.StartsWith("  updating", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Names_a_device_that_fails_only_once()
    {
        var sight = new Sight(
            Sights.Release("Progressing", "on its way", $"{Counts(12, 2)}, {Failing}"),
            [Sights.Told(1), Sights.Told(2)]
        );

        Assert.Single(
            TreeView.Of(sight, Sights.Now, 80),
            line => line.Text.Contains("dc0001", StringComparison.Ordinal)
        );
    }

    private static string Counts(int updated, int updating, int failed = 0) =>
        $"'progress': '{updated}/60', 'devices': {{'matched': 95, 'eligible': 60, 'updated': {updated}, 'updating': {updating}, 'failed': {failed}, 'deferred': 3, 'waiting': {57 - updated - updating - failed}}}";
}

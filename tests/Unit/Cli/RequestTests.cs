using EdgeRelease.Api;
using EdgeRelease.Cli;
using EdgeRelease.Controller;
using Xunit;

namespace EdgeRelease.Tests.Unit.Cli;

/// <summary>What is asked of a release, and what is refused because it means another state.</summary>
public sealed class RequestTests
{
    private const string History =
        "'history': [{'revision': 1, 'version': 'v1.3.0', 'result': 'Complete'}, {'revision': 0, 'version': 'remove', 'result': 'Complete'}]";

    private static readonly ReleaseObject Waiting = Sights.Release(
        "Waiting",
        "",
        "'waitingFor': {'kind': 'Approval', 'token': 'r2-s1-aa'}"
    );

    private static readonly ReleaseObject Progressing = Sights.Release("Progressing", "", History);

    [Fact]
    public void Approves_what_is_waited_for()
    {
        Assert.Equal("r2-s1-aa", Tokens.Wanted(Waiting, null));
        Assert.Equal("r2-s1-aa", Tokens.Wanted(Waiting, "r2-s1-aa"));
    }

    [Fact]
    public void Refuses_a_stale_token() =>
        Refuses(() => Tokens.Wanted(Waiting, "r1-s1-bb"), "r1-s1-bb is stale: line-monitor waits for r2-s1-aa now");

    [Fact]
    public void Approves_nothing_where_nothing_is_waited_for() =>
        Refuses(() => Tokens.Wanted(Progressing, null), "line-monitor waits for no approval now, it is Progressing");

    [Fact]
    public void Resumes_by_taking_the_annotation_away() =>
        Assert.Equal((Annotations.Paused, null), Tokens.Resuming(Annotated(Progressing)));

    [Fact]
    public void Resumes_after_a_pause_by_policy_with_its_token()
    {
        var paused = Sights.Release("Paused", "", "'waitingFor': {'kind': 'Resume', 'token': 'r2-p1-aa'}");

        Assert.Equal((Annotations.Approve, "r2-p1-aa"), Tokens.Resuming(paused));
    }

    [Fact]
    public void Says_to_change_Git_where_the_spec_pauses() =>
        Refuses(
            () => Tokens.Resuming(Annotated(Progressing) with { Spec = Progressing.Spec with { Paused = true } }),
            "line-monitor is paused by spec.paused: set it to false in Git"
        );

    [Fact]
    public void Resumes_nothing_that_is_not_paused() =>
        Refuses(() => Tokens.Resuming(Progressing), "line-monitor is not paused, it is Progressing");

    [Fact]
    public void Names_the_present_revision()
    {
        var request = new RevisionRequest("abort", "", Annotations.Abort, "");

        Assert.Equal("r2", request.Value(Progressing, null));
        Assert.Equal("r2", request.Value(Progressing, "r2"));
        Refuses(() => request.Value(Progressing, "r1"), "r1 is not the present revision of line-monitor: that is r2");
        Refuses(() => request.Value(Sights.Of(null), null), "line-monitor has no revision yet");
    }

    [Fact]
    public void Asks_nothing_of_a_revision_that_is_over() =>
        Refuses(
            () => new RevisionRequest("abort", "", "", "") { IsOpen = _ => false }.Value(Progressing, null),
            "r2 of line-monitor is Progressing: there is nothing to abort"
        );

    [Theory]
    [InlineData("Step")]
    [InlineData("Failed")]
    public void Aborts_what_a_breach_has_taken_back_in_part(string scope) =>
        Assert.Equal("r2", RequestCommands.Aborted.Value(Latched(scope), null));

    [Fact]
    public void Aborts_nothing_that_goes_back_as_a_whole() =>
        Refuses(() => RequestCommands.Aborted.Value(Latched("Release"), null), "there is nothing to abort");

    [Theory]
    [InlineData("1", """{"spec":{"version":"v1.3.0"}}""")]
    [InlineData("r1", """{"spec":{"version":"v1.3.0"}}""")]
    [InlineData("0", """{"spec":{"remove":true,"version":null}}""")]
    public void Undoes_to_what_a_revision_brought(string revision, string patch) =>
        Assert.Equal(patch, UndoCommand.Patch(Progressing, revision));

    [Fact]
    public void Undoes_to_a_version_from_a_removal()
    {
        var removing = Progressing with { Spec = Progressing.Spec with { Remove = true, Version = null } };

        Assert.Equal("""{"spec":{"version":"v1.3.0","remove":null}}""", UndoCommand.Patch(removing, "1"));
    }

    [Fact]
    public void Undoes_as_the_operator_suggests() =>
        Assert.Equal("{}", UndoCommand.Patch(Sights.Release("RolledBack", "", "'suggestedPatch': '{}'"), null));

    [Fact]
    public void Undoes_nothing_that_is_not_remembered()
    {
        Refuses(() => UndoCommand.Patch(Progressing, "7"), "remembers no revision 7: it has r1 v1.3.0, r0 remove");
        Refuses(() => UndoCommand.Patch(Progressing, null), "name one with --to-revision");
        var same = Progressing with { Spec = Progressing.Spec with { Version = "v1.3.0" } };
        Refuses(() => UndoCommand.Patch(same, "1"), "asks for v1.3.0 already");
    }

    private static ReleaseObject Latched(string scope) =>
        Sights.Release("RolledBack", "", $"'latch': {{'kind': 'Breach', 'scope': '{scope}'}}");

    private static ReleaseObject Annotated(ReleaseObject release) =>
        release with
        {
            Meta = release.Meta with
            {
                Annotations = new Dictionary<string, string> { [Annotations.Paused] = "inventory" },
            },
        };

    private static void Refuses(Func<object?> act, string part) =>
        Assert.Contains(part, Assert.Throws<CliException>(act).Message, StringComparison.Ordinal);
}

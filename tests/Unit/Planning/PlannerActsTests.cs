using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F076: each act of a person leaves one Event and one line in the history, with value and field manager.</summary>
public sealed class PlannerActsTests
{
    private static ReleaseBuilder Gated =>
        A.Release().In(A.Step().Of(20).Gated(), A.Step().Of(100)).By("kubectl-annotate");

    [Fact]
    public void Remembers_an_approval_a_promotion_and_an_abort_with_who_asked()
    {
        var world = A.Fleet().Of(10).On("v1");
        var loop = A.Loop(Gated, world).Until(Phase.Waiting);
        var token = loop.Memory.Step.Asked!;
        loop.Wanted = Gated.Annotating(token);
        loop.Until(plan => plan.Memory.Step.Index > 0, "the second step");
        loop.Wanted = Gated.Annotating(token).Promoting("r1");
        loop.Pass();
        loop.Wanted = Gated.Annotating(token).Promoting("r1").Aborting("r1");
        loop.Until(Phase.RolledBack);

        string[] said =
        [
            $"{Annotations.Approve}={token} (kubectl-annotate)",
            $"{Annotations.Promote}=r1 (kubectl-annotate)",
            $"{Annotations.Abort}=r1 (kubectl-annotate)",
        ];
        Assert.Equal(said, loop.Memory.History[0].Acts.Select(Said));
        Assert.Single(loop.Notices, notice => notice.Reason == "Approved");
        Assert.Single(loop.Notices, notice => notice.Reason == "Promoted");
        Assert.Single(loop.Notices, notice => notice.Reason == Reasons.Aborted);
    }

    [Fact]
    public void Tells_who_let_a_paused_release_go_on()
    {
        var world = A.Fleet().Of(10).On("v1").Refusing("v2", ..2);
        var release = A.Release()
            .By("kubectl-annotate")
            .With(spec => spec with { FailurePolicy = spec.FailurePolicy with { OnBreach = BreachAction.Pause } });
        var loop = A.Loop(release, world).Until(Phase.Paused);
        var token = loop.Memory.Pause!.Token;
        loop.Wanted = release.Annotating(token);
        loop.Pass();

        var resumed = Assert.Single(loop.Notices, notice => notice.Reason == "Resumed");
        Assert.Equal($"resumed with {token}: annotation (kubectl-annotate)", resumed.Message);
    }

    [Fact]
    public void Tells_a_pause_by_annotation_and_its_end_once_each()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release().By("kubectl-edgerelease");
        var loop = A.Loop(release, world);
        loop.Pass();
        loop.Wanted = release.PausedBecause("line stop");
        loop.For(TimeSpan.FromHours(1));
        loop.Wanted = release;
        loop.Until(Phase.Complete);

        string[] said =
        [
            $"{Annotations.Paused}=line stop (kubectl-edgerelease)",
            $"{Annotations.Paused} was taken off",
        ];
        Assert.Equal(said, loop.Memory.History[0].Acts.Select(Said));
        var paused = Assert.Single(loop.Notices, notice => notice.Reason == Reasons.Paused);
        Assert.Contains("line stop (kubectl-edgerelease)", paused.Message, StringComparison.Ordinal);
        Assert.Single(loop.Notices, notice => notice.Reason == "Resumed");
    }

    [Fact]
    public void Remembers_no_more_of_a_long_annotation_than_its_beginning_and_tells_it_once()
    {
        var longest = new string('x', 200_000);
        var release = A.Release()
            .PausedBecause(longest)
            .Asking(wanted => wanted with { Requests = new Requests { ReconcileAt = longest } });
        var loop = A.Loop(release, A.Fleet().Of(4).On("v1")).For(TimeSpan.FromHours(1));

        var handled = loop.Memory.Handled;
        Assert.Equal((256, 256), (handled.Paused!.Length, handled.ReconcileAt!.Length));
        Assert.Single(loop.Notices, notice => notice.Reason == Reasons.Paused);
        Assert.Single(loop.Memory.Acts);
    }

    [Fact]
    public void Answers_a_wish_for_a_reconcile_word_for_word()
    {
        var asked = $" {new string('x', 254)} ";
        var release = A.Release().Asking(wanted => wanted with { Requests = new Requests { ReconcileAt = asked } });
        var loop = A.Loop(release, A.Fleet().Of(4).On("v1"));
        loop.Pass();

        Assert.Equal(asked, loop.Memory.Handled.ReconcileAt);
    }

    [Fact]
    public void Remembers_a_retry_in_the_revision_that_it_began()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        var release = A.Release().By("kubectl-annotate");
        var loop = A.Loop(release, world).Until(Phase.RolledBack);
        world[0].Refuses.Clear();
        loop.Wanted = release.Retrying("r1");
        loop.Until(Phase.Complete);

        Assert.Empty(loop.Memory.History[1].Acts);
        Assert.Equal([$"{Annotations.Retry}=r1 (kubectl-annotate)"], loop.Memory.History[0].Acts.Select(Said));
    }

    /// <summary>A line without its time.</summary>
    private static string Said(string line) => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..];
}

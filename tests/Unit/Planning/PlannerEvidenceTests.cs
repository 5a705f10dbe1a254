using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>The evidence gate and the three verdicts of a step.</summary>
public sealed class PlannerEvidenceTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Rolls_back_once_failures_prove_a_higher_rate_than_tolerated()
    {
        var world = A.Fleet().Of(40).On("v1").Refusing("v2", ..30);

        var loop = A.Loop(A.Release().ToleratingRate(5).Unavailable(2), world).Until(Phase.RolledBack);

        Assert.Equal(LatchKind.Breach, loop.Memory.Latch!.Kind);
        Assert.Contains("with 99% confidence more than the tolerated 5%", loop.Message, StringComparison.Ordinal);
        Assert.InRange(world.Gateways.Count(gateway => gateway.Told.Count > 0), 2, 12);
    }

    [Fact]
    public void Goes_on_after_one_early_failure_of_many_devices()
    {
        var world = A.Fleet().Of(60).On("v1").Refusing("v2", ..1);

        var loop = A.Loop(A.Release().ToleratingRate(5), world).Until(Phase.Complete);

        Assert.Equal(new Evidence(59, 1, 0), loop.Plan.Evidence);
        Assert.Equal(EvidenceVerdict.Pass, Verdict(loop));
    }

    [Fact]
    public void Pauses_at_the_end_of_a_step_that_is_inconclusive_and_says_the_interval()
    {
        var (world, release) = OneOfFive();

        var loop = A.Loop(release, world).Until(Phase.Paused);

        Assert.Contains(
            "step 1 is inconclusive: 1 of 5 failed: 0.5 to 72 %, 5% are tolerated",
            loop.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(WaitingKind.Resume, loop.Plan.Verdict.WaitingFor!.Kind);
        Assert.Equal(EvidenceVerdict.Inconclusive, Verdict(loop));
        Assert.Equal(4, loop.Running("v2"));
    }

    [Fact]
    public void Judges_an_inconclusive_step_only_after_its_soak()
    {
        var (world, release) = OneOfFive();

        var loop = A.Loop(release, world).Until(Phase.Soaking);

        Assert.Null(loop.Memory.Pause);
        loop.Until(Phase.Paused);
        Assert.True(loop.Memory.Pause!.At >= loop.Memory.Step.SoakUntil);
    }

    [Fact]
    public void Resumes_an_inconclusive_step_with_the_token_and_counts_only_new_failures()
    {
        var (world, release) = OneOfFive();
        var loop = A.Loop(release, world).Until(Phase.Paused);
        loop.Wanted = release.With(spec => spec with { Approve = [loop.Memory.Pause!.Token!] });

        loop.Until(Phase.Complete);

        Assert.Equal(new AcknowledgedFailures { Failures = 1, Outcomes = 5 }, loop.Memory.Acknowledged);
        Assert.Equal(99, loop.Running("v2"));
    }

    [Fact]
    public void Goes_on_after_an_inconclusive_step_when_told_so()
    {
        var (world, release) = OneOfFive();

        var loop = A.Loop(
            release.Policy(policy => policy with { OnInconclusive = InconclusiveAction.Continue }),
            world
        );

        loop.Until(Phase.Complete);
        Assert.Equal(99, loop.Running("v2"));
    }

    [Fact]
    public void Rolls_back_after_an_inconclusive_step_when_told_so()
    {
        var (world, release) = OneOfFive();

        var loop = A.Loop(
            release.Policy(policy => policy with { OnInconclusive = InconclusiveAction.Rollback }),
            world
        );

        loop.Until(Phase.RolledBack);
        Assert.Equal(100, loop.Running("v1"));
        Assert.Contains("inconclusive", loop.Memory.Latch!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Never_counts_adopted_devices_as_evidence()
    {
        var (world, release) = OneOfFive();
        foreach (var _ in Enumerable.Range(0, 50))
        {
            world.Join("v2");
        }

        var first = release.In(A.Step().Count(55), A.Step().Of(100));
        var loop = A.Loop(first, world).Until(Phase.Paused);

        Assert.Contains("1 of 5 failed", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Stays_paused_by_no_step_that_the_failures_of_an_earlier_one_made_inconclusive()
    {
        var (world, release) = OneOfFive();
        var loop = A.Loop(release, world).Until(Phase.Paused);
        loop.Wanted = release.With(spec => spec with { Approve = [loop.Memory.Pause!.Token!] });

        loop.Until(Phase.Complete);

        Assert.Single(loop.Memory.Approvals);
    }

    [Fact]
    public void Shows_the_evidence_of_each_step()
    {
        var (world, release) = OneOfFive();
        var loop = A.Loop(
            release.Policy(policy => policy with { OnInconclusive = InconclusiveAction.Continue }),
            world
        );
        loop.Until(Phase.Complete);

        var evidence = Summaries.Of(loop).Evidence!;

        Assert.Equal(
            [
                new StepEvidence
                {
                    Step = 1,
                    Outcomes = 5,
                    Failures = 1,
                },
                new StepEvidence { Step = 2, Outcomes = 95 },
            ],
            evidence.Steps
        );
    }

    [Fact]
    public void Starts_no_device_while_errors_would_be_a_breach_should_they_fail()
    {
        var world = A.Fleet().Of(20).On("v1").Refusing("v2", ..20);
        var loop = A.Loop(A.Release().ToleratingRate(5), world);

        loop.Until(plan => plan.Evidence.Failing >= 2 || plan.Evidence.Failed >= 2);

        Assert.DoesNotContain(loop.Plan.Batches, batch => batch.Kind == CommandKind.Forward);
    }

    /// <summary>A first step of five devices of a hundred, of which one fails.</summary>
    private static (PlannerWorld World, ReleaseBuilder Release) OneOfFive()
    {
        var world = A.Fleet().Of(100).On("v1");
        var release = A.Release().ToleratingRate(5).In(A.Step().Of(5).Soaking(Hour), A.Step().Of(100));
        var canaries = A.Loop(release, A.Fleet().Of(100).On("v1")).Until(Phase.Soaking).World;
        var first = canaries.Gateways.FindIndex(gateway => gateway.Told.Count > 0);
        return (world.Refusing("v2", first..(first + 1)), release);
    }

    private static EvidenceVerdict? Verdict(PlannerLoop loop) => Summaries.Of(loop).Evidence!.Verdict;
}

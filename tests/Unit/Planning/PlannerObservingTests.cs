using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F091: a release that only observes.</summary>
public sealed class PlannerObservingTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Counts_and_plans_and_sends_nothing()
    {
        var world = A.Fleet().Of(10).On("v1");
        world.Schedule(world[0], "v2");
        var loop = A.Loop(Only(A.Release()), world).For(Hour);

        Assert.Equal((Phase.Observing, Reasons.Observing), (loop.Phase, loop.Plan.Verdict.Reason));
        Assert.Equal("1 of 10 devices run v2; nothing is sent while policy.mode is Observe", loop.Message);
        Assert.Equal(10, loop.Plan.Target.Count);
        Assert.Equal(0, loop.Memory.Revision);
        Assert.All(world.Gateways, gateway => Assert.Empty(gateway.Told));
    }

    [Fact]
    public void Warns_of_versions_that_devices_could_not_go_back_to()
    {
        var loop = A.Loop(Only(A.Release()), A.Fleet().Of(10).On("v1"));

        var plan = loop.Pass();

        Assert.Equal(["v1"], Predecessors.Of(plan));
        var warnings = Summaries.Of(loop, plan with { Gone = ["v1"] }).Plan!.Warnings;
        Assert.Contains(
            warnings,
            warning => warning.StartsWith("10 devices could not be sent back", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void Names_the_requests_that_wait_for_it_to_manage_and_those_it_ignores()
    {
        var loop = A.Loop(A.Release(), A.Fleet().Of(4).On("v1")).Until(Phase.Complete);

        loop.Wanted = Only(A.Release().Aborting("r1"));
        loop.Pass();
        Assert.EndsWith(
            "; edgerelease.dev/abort=r1 waits for policy.mode Manage",
            loop.Message,
            StringComparison.Ordinal
        );

        loop.Wanted = Only(A.Release().Annotating("r1-s9-000000"));
        loop.Pass();
        Assert.EndsWith(
            "approve=r1-s9-000000 is ignored: no gate waits for it",
            loop.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Starts_as_usual_when_it_is_told_to_manage()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(Only(A.Release()), world).For(Hour);
        var switched = world.Now;
        loop.Wanted = A.Release();

        loop.Until(Phase.Complete);

        Assert.Equal(1, loop.Memory.Revision);
        Assert.True(loop.Memory.StartedAt >= switched);
        Assert.Equal("RevisionStarted", loop.Notices[0].Reason);
    }

    [Fact]
    public void Stops_in_the_middle_also_what_would_go_back_and_says_so()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..4);
        var release = A.Release().Tolerating(4);
        var loop = A.Loop(release, world);
        loop.Pass();
        loop.Wanted = Only(release);

        loop.For(Hour);

        Assert.Equal(["v2"], world.Gateways.SelectMany(gateway => gateway.Told));
        Assert.Contains(
            "r1 stands still: 0 devices under way, 1 to be restored",
            loop.Message,
            StringComparison.Ordinal
        );
        loop.Wanted = release;
        loop.For(Hour);
        Assert.Equal(["v2", "v1"], world.Gateways.First(gateway => gateway.Told.Count > 0).Told);
    }

    [Fact]
    public void Gives_up_devices_that_another_release_takes_meanwhile()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = Only(A.Release().To("v3"))
            .Asking(release =>
                release with
                {
                    Rivals = [new Rival("plant-a/other", new Selection(A.Release().Built.Spec))],
                }
            );

        loop.Pass();

        Assert.All(world.Gateways, gateway => Assert.Equal("takenBy plant-a/other", loop.RowOf(gateway)!.Closed));
    }

    [Fact]
    public void Is_blocked_when_the_version_is_missing()
    {
        var missing = new Obstacle(Reasons.VersionNotFound, "there is no v2");
        var release = Only(A.Release()).Asking(wanted => wanted with { Problem = missing });

        Assert.Equal(Phase.Blocked, A.Loop(release, A.Fleet().Of(2).On("v1")).For(Hour).Phase);
    }

    [Fact]
    public void Deletion_sends_nothing_whatever_its_policy_says()
    {
        var world = A.Fleet().Of(2).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = Only(A.Release().OnDelete(DeletePolicy.Restore))
            .Asking(release => release with { DeletedAt = world.Now });

        Assert.True(loop.Pass().MayGo);
        Assert.Empty(loop.Plan.Batches);
    }

    private static ReleaseBuilder Only(ReleaseBuilder release) =>
        release.With(spec => spec with { Policy = spec.Policy with { Mode = PolicyMode.Observe } });
}

using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Other content under the same name: the name is not the version (F006, rule 24).</summary>
public sealed class PlannerRepublishedTests
{
    private const string NewContent = "v2-again";
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static readonly ReleaseBuilder Stepped = A.Release().In(A.Step().Of(50).Soaking(Hour), A.Step().Of(100));

    [Fact]
    public void Brings_the_new_content_to_devices_that_had_the_old_one_and_takes_all_back_on_abort()
    {
        var world = A.Fleet().Of(6).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        world.Republish("v2");
        loop.Wanted = Anew(A.Release());
        loop.Until(Phase.Blocked);
        loop.Wanted = Anew(A.Release()).Retrying("r1");

        loop.Until(Phase.Complete);

        Assert.All(world.Gateways, gateway => Assert.Equal(NewContent, gateway.Row!.Value.CurrentEtag));
        Assert.Equal(6, loop.Plan.Evidence.Succeeded);
        loop.Wanted = Anew(A.Release()).Retrying("r1").Aborting("r2");
        loop.Until(Phase.RolledBack);
        Assert.Equal(6, loop.Running("v1"));
    }

    [Fact]
    public void Proves_the_new_content_in_each_step_after_a_retry_in_the_middle()
    {
        var world = A.Fleet().Of(6).On("v1");
        var loop = A.Loop(Stepped, world).Until(Phase.Soaking);
        world.Republish("v2");
        loop.Wanted = Anew(Stepped);
        loop.Until(Phase.Blocked);
        loop.Wanted = Anew(Stepped).Retrying("r1");

        loop.Until(plan => plan.Verdict.Phase == Phase.Soaking && plan.Memory.Revision == 2);

        Assert.Equal(3, world.Gateways.Count(gateway => gateway.Row!.Value.CurrentEtag == NewContent));
        loop.Until(Phase.Complete);
        Assert.All(world.Gateways, gateway => Assert.Equal(NewContent, gateway.Row!.Value.CurrentEtag));
        Assert.Equal(6, loop.Plan.Fleet!.Eligible.Count);
    }

    [Fact]
    public void Counts_devices_without_another_command_when_the_content_was_published_unchanged()
    {
        var world = A.Fleet().Of(6).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = Anew(A.Release());
        loop.Until(Phase.Blocked);
        loop.Wanted = Anew(A.Release()).Retrying("r1");

        loop.Until(Phase.Complete);

        Assert.Equal(6, loop.Running("v2"));
        Assert.InRange(world.Gateways.Sum(gateway => gateway.Told.Count), 6, 8);
    }

    [Fact]
    public void Moves_devices_again_after_a_retry_where_Losant_gives_no_content_tags()
    {
        var world = A.Fleet();
        world.HasEtags = false;
        world.Of(4).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = Anew(A.Release()).Retrying("r1");

        loop.Until(Phase.Complete);

        Assert.All(world.Gateways, gateway => Assert.Equal(["v2", "v2"], gateway.Told));
    }

    [Fact]
    public void Stays_stopped_when_the_device_that_showed_other_content_is_gone()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release().Unavailable(1);
        var loop = A.Loop(release, world).Until(plan => plan.Evidence.Succeeded == 3);
        world.Republish("v2");
        loop.Until(Phase.Blocked);
        var odd = world.Gateways.Single(gateway => gateway.Row!.Value.DesiredEtag == NewContent);
        odd.IsDeleted = true;
        loop.Watch = (plan, _) => Assert.Empty(plan.Batches);

        loop.For(Hour);

        Assert.Equal(Reasons.VersionChangedUnderneath, loop.Plan.Verdict.Reason);
    }

    [Fact]
    public void Takes_devices_of_a_finished_revision_back_when_its_retry_is_aborted()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        loop.Wanted = A.Release().Retrying("r1");
        loop.Pass();
        loop.Until(Phase.Complete);
        Assert.All(world.Gateways, gateway => Assert.Equal(["v2"], gateway.Told));
        loop.Wanted = A.Release().Retrying("r1").Aborting("r2");

        loop.Until(Phase.RolledBack);

        Assert.Equal(4, loop.Running("v1"));
    }

    private static ReleaseBuilder Anew(ReleaseBuilder release) =>
        release.Asking(wanted => wanted with { FlowVersionId = "another-id" });
}

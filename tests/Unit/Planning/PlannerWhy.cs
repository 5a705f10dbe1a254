using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What a plan says of a device that it leaves where it is.</summary>
internal static class PlannerWhy
{
    public static PlannerLoop Loop(int devices, ReleaseBuilder? release = null)
    {
        var loop = A.Loop(release ?? A.Release(), A.Fleet().Of(devices).On("v1"));
        loop.Pass();
        return loop;
    }

    public static Explanation Expect(string rule, PlannerLoop loop, Func<Plan, DeviceId> device)
    {
        var why = loop.Plan.Why(device(loop.Plan));
        Assert.Equal(rule, why.Rule);
        Assert.NotEmpty(why.Sentence);
        return why;
    }

    public static DeviceId NotSent(Plan plan)
    {
        var sent = plan.Batches.SelectMany(batch => batch.Devices).ToHashSet();
        return plan.Fleet!.Devices.First(device => device.IsCandidate && !sent.Contains(device.Id)).Id;
    }
}

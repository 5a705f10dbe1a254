using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>How the fleet of a planner test begins: <c>A.Fleet().Of(10).On("v1").Offline(..2)</c>.</summary>
internal static class PlannerFleet
{
    public static PlannerWorld Of(this PlannerWorld world, int count)
    {
        for (var i = 0; i < count; i++)
        {
            world.Join();
        }

        return world;
    }

    /// <summary>Every device without a row runs the version since yesterday.</summary>
    public static PlannerWorld On(this PlannerWorld world, string version)
    {
        foreach (var gateway in world.Gateways.Where(gateway => gateway.Row is null))
        {
            world.Install(gateway, version);
        }

        return world;
    }

    public static PlannerWorld Tagged(this PlannerWorld world, Range range, string key, string value)
    {
        foreach (var gateway in world.Gateways.Take(range))
        {
            gateway.Tags = new TagSet([.. gateway.Tags.Pairs, new(key, value)]);
        }

        return world;
    }

    public static PlannerWorld Offline(this PlannerWorld world, Range range)
    {
        foreach (var gateway in world.Gateways.Take(range))
        {
            world.Disconnect(gateway);
        }

        return world;
    }

    public static PlannerWorld Refusing(this PlannerWorld world, string version, Range range)
    {
        foreach (var gateway in world.Gateways.Take(range))
        {
            gateway.Refuses.Add(version);
        }

        return world;
    }

    public static PlannerWorld After(this PlannerWorld world, TimeSpan time)
    {
        world.Advance(time);
        return world;
    }

    /// <summary>Makes microcontrollers of them, whose flow is part of a bundle.</summary>
    public static PlannerWorld Embedded(this PlannerWorld world)
    {
        world.HasEtags = false;
        foreach (var gateway in world.Gateways)
        {
            gateway.Class = DeviceClass.Embedded;
            var bundle = new Bundle { Current = "b0", Desired = "b0" };
            gateway.Row = gateway.Row!.Value with { Bundle = bundle, CurrentEtag = null, DesiredEtag = null };
        }

        return world;
    }
}

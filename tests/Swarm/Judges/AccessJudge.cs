using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>F112: nothing is sent once the LosantApplication or its Secret has been gone for longer than a call is under
/// way.</summary>
internal sealed class AccessJudge(World world, Plant plant, Truth truth)
{
    public void Judge()
    {
        var key = new ResourceKey(World.Namespace, plant.ObjectName);
        Present(Kinds.Application, key);
        if (world.Cluster.Get(Kinds.Application, key) is { } json)
        {
            var secret = ApplicationObject.Of(json).Spec.TokenSecretRef.Name;
            Present(ResourceKind.Secret, new ResourceKey(World.Namespace, secret));
        }
    }

    private void Present(ResourceKind kind, ResourceKey key)
    {
        var isGone =
            world.Cluster.Get(kind, key) is null
            && world.Cluster.Record.Last(write => write.Kind == kind && write.Key == key).At
                < truth.Now - Truth.Underway;
        Violation.If(isGone, "F112", $"a call though {kind.Kind} {key} is gone");
    }
}

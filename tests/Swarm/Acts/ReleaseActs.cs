using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What people do to releases.</summary>
internal sealed class ReleaseActs(Stage stage)
{
    private Action? _onStatusWrite;

    public IReadOnlyList<Action> All =>
        [
            () => Set(stage.Any(stage.Names), "rolloutPercentage", stage.Random.Next(0, 101)),
            () => Set(stage.Any(stage.Names), "paused", stage.Random.Next(2) == 0),
            () => Ask(Annotations.Abort),
            () => Ask(Annotations.Retry),
            Approve,
            Recreate,
            EditDuringBatch,
        ];

    public void Create(string name)
    {
        stage.Names.Add(name);
        Apply(name, stage.Menu.Spec(Stage.Versions));
    }

    /// <summary>A commit changes the whole spec.</summary>
    public void Change() => Apply(stage.Any(stage.Names), stage.Menu.Spec(Stage.Versions));

    private void Apply(string name, JsonObject spec)
    {
        stage.Tell($"apply {name} {spec.ToJsonString()}");
        if (stage.World.Release(name) is null)
        {
            stage.World.Apply(name, spec);
        }
        else
        {
            stage.Edit(name, root => root["spec"] = spec.DeepClone());
        }
    }

    private void Set(string name, string member, JsonNode value)
    {
        if (stage.World.Release(name) is not null)
        {
            stage.Tell($"set {name} {member}={value}");
            stage.Edit(name, root => root["spec"]![member] = value.DeepClone());
        }
    }

    private void Ask(string annotation)
    {
        var name = stage.Any(stage.Names);
        if (stage.World.Release(name) is { Status.Revision: > 0 } release)
        {
            stage.Tell($"annotate {name} {annotation}=r{release.Status.Revision}");
            stage.World.Annotate(name, annotation, $"r{release.Status.Revision}");
        }
    }

    private void Approve()
    {
        foreach (var name in stage.Names)
        {
            if (stage.World.Release(name)?.Status?.Pause?.Token is { } token)
            {
                stage.Tell($"approve {name} {token}");
                stage.World.Annotate(name, Annotations.Approve, token);
            }
        }
    }

    private void Recreate()
    {
        var name = stage.Any(stage.Names);
        stage.Tell($"delete {name}");
        stage.World.Cluster.Remove(Kinds.Release, Stage.Key(name));
        if (stage.Random.Next(2) == 0)
        {
            stage.World.Run(TimeSpan.FromSeconds(stage.Random.Next(1, 60)));
            Apply(name, stage.Menu.Spec(Stage.Versions));
        }
    }

    /// <summary>The next intent that is stored is followed by an edit before the call can have arrived, or just after.</summary>
    private void EditDuringBatch()
    {
        var member = stage.Random.Next(2) == 0 ? "paused" : "rolloutPercentage";
        JsonNode value = member == "paused" ? true : stage.Random.Next(0, 101);
        _onStatusWrite = () =>
            stage.World.Time.Schedule(
                TimeSpan.FromMilliseconds(stage.Random.Next(0, 80)),
                () => stage.Names.ForEach(name => Set(name, member, value))
            );
    }

    /// <summary>Sees every call of the operator to the API server.</summary>
    public void See(ClusterCall call)
    {
        if (call is { Verb: ClusterVerb.Replace, Subresource: "status" } && call.Kind == Kinds.Release)
        {
            _onStatusWrite?.Invoke();
            _onStatusWrite = null;
        }
    }
}

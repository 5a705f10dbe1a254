using System.Globalization;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Cli;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
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
            Pause,
            Pause,
            () => Ask(Annotations.Abort),
            () => Ask(Annotations.Retry),
            () => Ask(Annotations.Promote),
            Approve,
            Approve,
            Recreate,
            () => SetPolicy("mode", stage.Random.Next(3) == 0 ? "Observe" : "Manage"),
            () => SetPolicy("drift", stage.Random.Next(2) == 0 ? "Report" : "Correct"),
            () => SetPolicy("priority", stage.Random.Next(-9, 10)),
            EditDuringBatch,
        ];

    public void Create(string name)
    {
        stage.Names.Add(name);
        Apply(name, Spec());
    }

    /// <summary>A commit changes the whole spec.</summary>
    public void Change() => Apply(stage.Any(stage.Names), Spec());

    /// <summary>Nobody holds the releases by annotation any more.</summary>
    public void End() => stage.Names.ForEach(Resume);

    private JsonObject Spec()
    {
        var spec = stage.Menu.Spec(Stage.Versions);
        spec["flow"] = stage.Plant.Flow.Name;
        spec["application"] = stage.Plant.ObjectName;
        if (stage.Plant.Flow.FlowClass == "embedded")
        {
            spec["embedded"] = stage.Menu.Embedded();
        }

        if (stage.Random.Next(8) == 0)
        {
            var now = stage.World.Time.Now;
            spec["schedule"] = stage.Schedule();
            spec["schedule"]!["notBefore"] = now.AddMinutes(stage.Random.Next(-30, 10))
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        return spec;
    }

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

    private void SetPolicy(string member, JsonNode value)
    {
        var name = stage.Any(stage.Names);
        if (stage.World.Release(name) is not null)
        {
            stage.Tell($"set {name} policy.{member}={value}");
            stage.Edit(name, root => root["spec"]!["policy"]![member] = value.DeepClone());
        }
    }

    /// <summary>By annotation, until somebody takes it away.</summary>
    private void Pause()
    {
        var name = stage.Any(stage.Names);
        if (stage.World.Release(name) is { } release && !Resume(release))
        {
            stage.Tell($"annotate {name} {Annotations.Paused}", Deed.PausedByAnnotation);
            stage.World.Annotate(name, Annotations.Paused, "line 4 is down");
        }
    }

    private void Resume(string name)
    {
        if (stage.World.Release(name) is { } release)
        {
            Resume(release);
        }
    }

    private bool Resume(ReleaseObject release)
    {
        if (!release.Meta.Annotations.ContainsKey(Annotations.Paused))
        {
            return false;
        }

        stage.Tell($"{release.Key.Name} is no longer paused by annotation");
        stage.World.Annotate(release.Key.Name, Annotations.Paused, null);
        return true;
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
            if (
                stage.World.Release(name)?.Status is { } status
                && (status.Pause?.Token ?? status.WaitingFor?.Token) is { } token
            )
            {
                Approve(name, stage.Random.Next(8) == 0 ? $"{token}-not" : token);
            }
        }
    }

    /// <summary>By annotation, by a commit, or by a higher percentage.</summary>
    private void Approve(string name, string token)
    {
        stage.Tell($"approve {name} {token}");
        switch (stage.Random.Next(3))
        {
            case 0:
                stage.World.Annotate(name, Annotations.Approve, token);
                break;
            case 1:
                Set(name, "approve", new JsonArray(token));
                break;
            default:
                Set(name, "rolloutPercentage", stage.Random.Next(50, 101));
                break;
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
            stage.Count(Deed.ReleaseRecreated);
            Apply(name, Spec());
        }
    }

    /// <summary>Somebody deletes every EdgeReleaseRevision of a release.</summary>
    public void LoseLedger()
    {
        if (stage.World.Release(stage.Any(stage.Names)) is not { } release)
        {
            return;
        }

        stage.Tell($"delete the EdgeReleaseRevisions of {release.Key.Name}", Deed.LedgerDeleted);
        stage.Plant.LedgerLostAt = stage.World.Time.Now;
        foreach (var shard in stage.World.Cluster.All(Kinds.Revision).Where(shard => Ledgers.Uid(shard) == release.Uid))
        {
            stage.World.Cluster.Remove(Kinds.Revision, ResourceJson.KeyOf(shard)!);
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
                () =>
                {
                    stage.Count(Deed.EditedDuringBatch);
                    stage.Names.ForEach(name => Set(name, member, value));
                }
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

using System.Text.Json.Nodes;
using EdgeRelease.Controller;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What the owner of the application asks of all its releases.</summary>
internal sealed class RailActs(Stage stage)
{
    public IReadOnlyList<Action> All => [Freeze, Thaw, Guard, () => Set("schedule", stage.Schedule())];

    /// <summary>Nothing holds the releases any more.</summary>
    public void End()
    {
        Set("frozen", null);
        Set("schedule", null);
        foreach (var name in stage.Names.Where(name => stage.World.Release(name) is not null))
        {
            stage.Edit(name, root => root["spec"]!.AsObject().Remove("schedule"));
        }
    }

    private void Freeze() =>
        Set(
            "frozen",
            new JsonObject
            {
                ["scope"] = stage.Random.Next(2) == 0 ? "Forward" : "Everything",
                ["reason"] = "inventory week",
            }
        );

    /// <summary>Where the guard asks for tags it does so from the first moment.</summary>
    public void Begin()
    {
        if (stage.Plant.Guard.Count > 0)
        {
            Set("guard", Guarding([]));
        }
    }

    private void Guard()
    {
        var guard = new JsonObject
        {
            ["flows"] = new JsonArray("line-*"),
            ["maxUnavailable"] = stage.Random.Next(1, 4),
            ["approvalAbove"] = stage.Random.Next(1, 8),
        };
        if (stage.Random.Next(2) == 0)
        {
            guard["perGroup"] = stage.Menu.PerGroup();
        }

        Set("guard", Guarding(guard));
    }

    private JsonObject Guarding(JsonObject guard)
    {
        guard["deviceTags"] = new JsonObject(
            stage.Plant.Guard.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))
        );
        return guard;
    }

    private void Thaw() => Set("frozen", null);

    private void Set(string member, JsonNode? value)
    {
        stage.Tell($"application {member}={value?.ToJsonString() ?? "none"}");
        stage.World.Cluster.Edit(
            Kinds.Application,
            Stage.Key("plant-a"),
            root =>
            {
                var spec = root["spec"]!.AsObject();
                spec.Remove(member);
                if (value is not null)
                {
                    spec[member] = value.DeepClone();
                }
            }
        );
    }
}

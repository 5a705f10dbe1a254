using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The random choices of how fast, in which order and where.</summary>
internal sealed class PaceMenu(Random random)
{
    /// <summary>Fills each step by site, by ring or by both.</summary>
    public void Spread(JsonObject spec)
    {
        if (random.Next(3) == 0)
        {
            spec["rollout"] ??= new JsonObject();
            spec["rollout"]!["spreadBy"] = Any(
                new JsonArray("site"),
                new JsonArray("ring", "agentVersion"),
                new JsonArray("ring", "site")
            );
        }
    }

    public JsonObject Ramp() =>
        new()
        {
            ["start"] = random.Next(1, 60),
            ["factor"] = Any(1.5, 2, 3.3, 10),
            ["soak"] = Any("0s", "0s", "1m"),
        };

    /// <summary>One of three sites, none, or two.</summary>
    public IEnumerable<KeyValuePair<string, string>> Sites()
    {
        var count = Any(0, 1, 1, 1, 1, 2);
        return Enumerable.Range(random.Next(3), count).Select(site => KeyValuePair.Create("site", $"s{site % 3}"));
    }

    public JsonObject Limits()
    {
        var limits = new JsonObject { ["maxUnavailable"] = Any<JsonNode>("10%", "50%", "100%", 1, 3) };
        if (random.Next(3) == 0)
        {
            limits["perMinute"] = Any(1, 2, 5, 20);
        }

        if (random.Next(3) == 0)
        {
            limits["perGroup"] = PerGroup();
        }

        return limits;
    }

    public JsonObject PerGroup() => new() { ["tag"] = "site", ["maxUnavailable"] = Any(1, 1, 2) };

    private T Any<T>(params T[] items) => items[random.Next(items.Length)];
}

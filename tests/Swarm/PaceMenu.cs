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

    /// <summary>Percentages; in one of six lists a ring before them, and mostly a number of devices outside it.</summary>
    public JsonArray Steps()
    {
        var first = random.Next(5, 40);
        var steps = new JsonArray(
            new JsonObject
            {
                ["name"] = "first",
                ["percentage"] = first,
                ["soak"] = Any("0s", "0s", "2m"),
                ["approval"] = random.Next(3) == 0,
            },
            new JsonObject
            {
                ["name"] = "more",
                ["percentage"] = random.Next(first + 1, 99),
                ["approval"] = random.Next(5) == 0,
            },
            new JsonObject { ["name"] = "all", ["percentage"] = 100 }
        );
        return random.Next(6) == 0 ? Ringed(steps) : steps;
    }

    /// <summary>The lab first, then a few others or a share, then all.</summary>
    private JsonArray Ringed(JsonArray shares)
    {
        var lab = new JsonObject
        {
            ["name"] = "lab",
            ["deviceTags"] = new JsonObject { ["ring"] = "lab" },
            ["soak"] = Any("0s", "2m"),
            ["approval"] = random.Next(4) == 0,
        };
        var (size, value) = Any<(string, JsonNode)>(("all", true), ("all", true), ("count", 2), ("percentage", 50));
        lab[size] = value;
        var steps = new JsonArray(lab);
        if (random.Next(3) != 0)
        {
            steps.Add(
                new JsonObject
                {
                    ["name"] = "few",
                    ["count"] = random.Next(1, 5),
                    ["soak"] = Any("0s", "1m"),
                    ["approval"] = random.Next(4) == 0,
                }
            );
        }

        if (random.Next(2) == 0)
        {
            steps.Add(shares[0]!.DeepClone());
        }

        steps.Add(new JsonObject { ["name"] = "all", ["all"] = true });
        return steps;
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

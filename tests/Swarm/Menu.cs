using System.Globalization;
using System.Text.Json.Nodes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The random choices of a plot: specs and devices.</summary>
internal sealed class Menu(Random random)
{
    /// <summary>What a device reports that has run a version and fails after all.</summary>
    public const string LateError = "watchdog reset";

    /// <summary>The tag of a device's own time zone.</summary>
    public const string ZoneTag = "tz";

    private readonly PaceMenu _pace = new(random);

    /// <summary>Whether v5 takes most devices off the network.</summary>
    private readonly bool _isBricking = random.Next(8) == 0;

    public FaultMenu Faults { get; } = new(random);

    public JsonObject Spec(IReadOnlyList<string> versions)
    {
        var spec = new JsonObject { ["flow"] = Plot.FlowName, ["application"] = World.ApplicationName };
        if (random.Next(12) == 0)
        {
            spec["remove"] = true;
        }
        else
        {
            spec["version"] = versions[random.Next(1, versions.Count)];
        }

        Select(spec);
        Steps(spec);
        _pace.Spread(spec);
        spec["limits"] = _pace.Limits();
        spec["health"] = Health();
        spec["failurePolicy"] = Failures();
        spec["failurePolicy"]!["watch"] = Any("0s", "10m", "24h");
        spec["policy"] = new JsonObject
        {
            ["onDelete"] =
                Any("Keep", "Restore", "Remove") is var policy && policy == "Remove" && spec.ContainsKey("remove")
                    ? "Keep"
                    : policy,
            ["onLeave"] = Any("Keep", "Restore"),
            ["deleteDeadline"] = "10m",
            ["mode"] = random.Next(10) == 0 ? "Observe" : "Manage",
            ["drift"] = Any("Report", "Report", "Correct"),
            ["priority"] = Any(0, 0, 0, 7, -7),
        };
        return spec;
    }

    /// <summary>A limit per site, of a release or of the application.</summary>
    public JsonObject PerGroup() => _pace.PerGroup();

    /// <summary>One or two windows of some hours around now, on whole minutes, in a zone without clock changes or in that
    /// of each device.</summary>
    public JsonObject Schedule(DateTimeOffset now)
    {
        var windows = new JsonArray();
        for (var i = random.Next(2); i < 2; i++)
        {
            var isTokyo = random.Next(2) == 0;
            var from = now.ToOffset(TimeSpan.FromHours(isTokyo ? 9 : 0)).AddMinutes(random.Next(-240, 40));
            var window = new JsonObject
            {
                ["from"] = from.ToString("HH:mm", CultureInfo.InvariantCulture),
                ["to"] = from.AddMinutes(random.Next(10, 600)).ToString("HH:mm", CultureInfo.InvariantCulture),
                ["timeZone"] = isTokyo ? "Asia/Tokyo" : "UTC",
            };
            if (random.Next(3) == 0)
            {
                window["timeZoneTag"] = ZoneTag;
            }

            windows.Add(window);
        }

        return new JsonObject { ["windows"] = windows };
    }

    /// <summary>What concerns microcontrollers alone.</summary>
    public JsonObject Embedded()
    {
        var spec = new JsonObject { ["allowUnknownBundle"] = random.Next(3) == 0 };
        if (random.Next(2) == 0)
        {
            spec["exportCanary"] = new JsonObject
            {
                ["callbackUrl"] = $"https://bench-{random.Next(1, 4)}.example/hook",
                ["gzip"] = random.Next(2) == 0,
            };
        }

        return spec;
    }

    public DeviceSetup Device(int number) =>
        new()
        {
            Tags =
            [
                new("line", random.Next(8) == 0 ? "other" : "a"),
                new("ring", random.Next(4) == 0 ? "lab" : "field"),
                .. _pace.Sites(),
                .. Zone(),
            ],
            Connected = random.Next(7) != 0,
            Name = $"gateway-{number}",
            Behaviour = Behaviour(),
        };

    /// <summary>A zone, none, or a word that is no zone.</summary>
    private KeyValuePair<string, string>[] Zone() =>
        Any(null, null, "UTC", "Asia/Tokyo", "the moon") is { } zone ? [new(ZoneTag, zone)] : [];

    private void Select(JsonObject spec)
    {
        if (random.Next(6) == 0)
        {
            spec["allDevices"] = true;
        }
        else
        {
            spec["deviceTags"] = new JsonObject { ["line"] = "a" };
        }

        if (random.Next(6) == 0)
        {
            spec["exclude"] = new JsonObject { ["deviceTags"] = new JsonObject { ["ring"] = "lab" } };
        }
    }

    private void Steps(JsonObject spec)
    {
        if (random.Next(3) != 0)
        {
            spec["rolloutPercentage"] = Any(100, 100, 50, 30, 10);
        }

        if (random.Next(5) == 0)
        {
            spec["rollout"] = new JsonObject { ["ramp"] = _pace.Ramp() };
        }
        else if (random.Next(2) == 0 || !spec.ContainsKey("rolloutPercentage"))
        {
            spec["rollout"] = new JsonObject { ["steps"] = _pace.Steps() };
        }
    }

    private JsonObject Health() =>
        new()
        {
            ["confirm"] = Any("0s", "20s", "2m"),
            ["settleTimeout"] = "3m",
            ["retryGrace"] = Any("0s", "30s"),
            ["retries"] = Any(0, 0, 1),
            ["offline"] = Any("ArmWhenProven", "ArmWhenProven", "Defer", "Arm"),
            ["lostAfter"] = Any("0s", "5m", "12m"),
        };

    private JsonObject Failures()
    {
        if (random.Next(3) == 0)
        {
            return new JsonObject
            {
                ["tolerance"] = Any("1%", "5%", "20%", "50%"),
                ["confidence"] = Any("90%", "99%", "99.99%"),
                ["onInconclusive"] = Any("Pause", "Continue", "Rollback"),
                ["onBreach"] = Any("Rollback", "Rollback", "Pause"),
                ["rollbackScope"] = Any("Release", "Release", "Step", "Failed"),
            };
        }

        var policy = new JsonObject
        {
            ["maxFailures"] = Any<JsonNode>(0, 0, 1, 5, "10%", "50%"),
            ["onBreach"] = Any("Rollback", "Rollback", "Pause"),
            ["rollbackScope"] = Any("Release", "Release", "Step", "Failed"),
            ["restoreFailed"] = random.Next(5) != 0,
        };
        if (policy["maxFailures"]!.GetValueKind() == System.Text.Json.JsonValueKind.String && random.Next(2) == 0)
        {
            policy["minOutcomes"] = random.Next(1, 8);
        }

        return policy;
    }

    /// <summary>v2 is good, v3 fails on some, v4 on most, v5 does everything at times.</summary>
    private DeviceBehaviour Behaviour()
    {
        var behaviour = new DeviceBehaviour
        {
            ApplyLatency = new Spread(TimeSpan.FromSeconds(0.2), TimeSpan.FromSeconds(random.Next(1, 60))),
            Reconnects =
                random.Next(12) == 0
                    ? new ReconnectPattern(
                        TimeSpan.FromSeconds(random.Next(60, 900)),
                        TimeSpan.FromSeconds(random.Next(5, 400))
                    )
                    : null,
        };
        return behaviour with
        {
            Outcomes = behaviour
                .Outcomes.Add(
                    new OutcomeKey(null, "v3"),
                    random.Next(6) == 0 ? Outcome.Fails("sensor not found") : Outcome.Works
                )
                .Add(
                    new OutcomeKey(null, "v4"),
                    random.Next(3) != 0 ? Outcome.Fails("out of memory") : Outcome.NeverAnswers
                )
                .Add(new OutcomeKey(null, "v5"), _isBricking && random.Next(4) != 0 ? Outcome.BricksConnection : Odd()),
        };
    }

    private Outcome Odd() =>
        random.Next(6) switch
        {
            3 => Outcome.WorksThenFails(TimeSpan.FromSeconds(Math.Pow(10, 0.5 + (random.NextDouble() * 2))), LateError),
            0 => Outcome.BricksConnection,
            1 => Outcome.FailsThenWorks(1, "first try failed"),
            2 => Outcome.NeverAnswers,
            _ => Outcome.Works,
        };

    private T Any<T>(params T[] items) => items[random.Next(items.Length)];
}

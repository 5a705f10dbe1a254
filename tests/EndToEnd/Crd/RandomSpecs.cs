using System.Text.Json.Nodes;
using static EdgeRelease.Tests.EndToEnd.Crd.SpecWords;

namespace EdgeRelease.Tests.EndToEnd.Crd;

/// <summary>Random specs, most of them near valid: each member is absent, plain, at an edge or wrong.</summary>
/// <param name="random">Where chance comes from.</param>
internal sealed class RandomSpecs(Random random)
{
    /// <summary>A spec of an EdgeRelease.</summary>
    public JsonObject Release()
    {
        var spec = new JsonObject
        {
            ["flow"] = "line-monitor",
            ["version"] = "v1",
            ["rolloutPercentage"] = 10,
        };
        spec["deviceTags"] = Tags();
        foreach (var member in Some(ReleaseMembers()))
        {
            Put(spec, member);
        }

        return spec;
    }

    /// <summary>A spec of a LosantApplication.</summary>
    public JsonObject Application()
    {
        var spec = new JsonObject { ["applicationId"] = Ids[0] };
        spec["tokenSecretRef"] = new JsonObject { ["name"] = "a", ["key"] = "b" };
        var members = new (string, Func<JsonNode?>)[]
        {
            ("applicationId", () => One(Ids)),
            ("apiUrl", () => One(Urls)),
            ("tokenSecretRef", () => Object(("name", () => One(Names)), ("key", () => One(Texts)))),
            ("caSecretRef", () => Object(("name", () => One(Names)), ("key", () => One(Texts)))),
            (
                "api",
                () =>
                    Object(
                        ("requestsPerSecond", () => One(0, 1, 100, 101)),
                        ("pollActive", () => One(Durations)),
                        ("pollIdle", () => One(Durations))
                    )
            ),
            ("schedule", () => Object(("windows", () => List(2, Window)))),
            ("frozen", () => Object(("scope", () => One("Forward", "Everything", "")), ("reason", () => One(Texts)))),
            (
                "guard",
                () =>
                    Object(
                        ("deviceTags", Tags),
                        ("flows", () => List(2, () => One(Texts))),
                        ("maxUnavailable", Amount),
                        ("perGroup", PerGroup),
                        ("approvalAbove", () => One(0, 1, 500))
                    )
            ),
        };
        foreach (var member in Some(members))
        {
            Put(spec, member);
        }

        return spec;
    }

    private (string, Func<JsonNode?>)[] ReleaseMembers() =>
        [
            ("application", () => One(Texts)),
            ("flow", () => One(Texts)),
            ("version", () => One(Texts)),
            ("remove", Flag),
            ("deviceTags", Tags),
            ("deviceTagExpressions", () => List(2, Expression)),
            ("deviceIds", () => List(3, () => One(Ids))),
            ("allDevices", Flag),
            ("exclude", () => Object(("deviceTags", Tags), ("deviceIds", () => List(2, () => One(Ids))))),
            ("rolloutPercentage", () => One(-1, 0, 50, 100, 101)),
            ("rollout", Rollout),
            ("approve", () => List(2, () => One(Texts))),
            ("paused", Flag),
            ("limits", Limits),
            ("health", Health),
            ("failurePolicy", FailurePolicy),
            ("policy", Policy),
            ("schedule", () => Object(("windows", () => List(2, Window)))),
            ("historyLimit", () => One(0, 1, 50, 51)),
            ("unknown", Flag),
        ];

    private JsonNode Limits() =>
        Object(("maxUnavailable", Amount), ("perMinute", () => One(0, 1, 100_000, 100_001)), ("perGroup", PerGroup));

    private JsonNode PerGroup() => Object(("tag", () => One(Texts)), ("maxUnavailable", () => One(0, 1, 5)));

    private JsonNode Health() =>
        Object(
            ("settleTimeout", () => One(Durations)),
            ("lostAfter", () => One(Durations)),
            ("retries", () => One(-1, 0, 10, 11)),
            ("offline", () => One("Defer", "Arm", "arm", ""))
        );

    private JsonNode FailurePolicy() =>
        Object(
            ("maxFailures", Amount),
            ("minOutcomes", () => One(0, 1, 20)),
            ("tolerance", () => One("5%", "0.5%", "0.1%", "0.09%", "50.0%", "50.1%", "5", "")),
            ("confidence", () => One("99%", "99.99%", "90%", "89.9%", "100%", "99.999%")),
            ("onInconclusive", () => One("Pause", "Continue", "Rollback", "Pass")),
            ("watch", () => One(Durations)),
            ("onBreach", () => One("Pause", "Rollback", "Stop")),
            ("rollbackScope", () => One("Step", "Failed", "All")),
            ("restoreFailed", Flag)
        );

    private JsonNode Policy() =>
        Object(
            ("onDelete", () => One("Keep", "Remove", "Restore", "remove")),
            ("onLeave", () => One("Keep", "Restore", "Remove")),
            ("deleteDeadline", () => One(Durations)),
            ("mode", () => One("Manage", "Observe", "observe")),
            ("drift", () => One("Report", "Correct", "correct")),
            ("priority", () => One(-1001, -1000, 0, 1000, 1001))
        );

    private JsonNode Step() =>
        Object(
            ("name", () => One(Names)),
            ("count", () => random.Next(4) > 0 ? null : One(0, 1, 5)),
            ("percentage", () => One(0, 1, 10, 50, 100, 101)),
            ("all", () => random.Next(4) > 0 ? null : Flag()),
            ("deviceTags", () => random.Next(3) > 0 ? null : Tags()),
            ("soak", () => One(Durations)),
            ("approval", () => random.Next(3) > 0 ? null : Flag())
        );

    private JsonNode Window() =>
        Object(
            ("days", () => List(2, () => One("Mon", "Sun", "mon"))),
            ("from", () => One("00:00", "22:00", "24:00", "1:00")),
            ("to", () => One("00:00", "04:00", "22:00\n")),
            ("timeZone", () => One("UTC", "Europe/Berlin", "../UTC", "")),
            ("timeZoneTag", () => One(Texts))
        );

    private JsonNode Rollout() =>
        Object(
            ("steps", () => List(4, Step)),
            ("ramp", () => random.Next(3) > 0 ? null : Ramp()),
            ("spreadBy", () => List(5, () => One(Texts)))
        );

    private JsonNode Ramp() =>
        Object(
            ("start", () => One(0, 1, 100, 101)),
            ("factor", () => One(1.4, 1.5, 3, 10, 10.01, "3")),
            ("soak", () => One(Durations))
        );

    private JsonNode Expression() =>
        Object(
            ("key", () => One(Texts)),
            ("operator", () => One("In", "NotIn", "Exists", "DoesNotExist", "in")),
            ("values", () => List(2, () => One(Texts)))
        );

    private JsonNode Amount() => One(0, 1, 5, -1, "0%", "5%", "100%", "101%", "5", "%", 2147483647);

    private JsonNode Tags() =>
        One(
            new JsonObject { ["line"] = "a" },
            new JsonObject { ["line"] = "", ["x"] = new string('t', 255) },
            new JsonObject()
        );

    private JsonNode Flag() => random.Next(2) == 0;

    private JsonNode One(params string[] values) => values[random.Next(values.Length)];

    private JsonNode One(params JsonNode[] values) => values[random.Next(values.Length)];

    private JsonArray List(int most, Func<JsonNode?> item) =>
        new([.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => item())]);

    private JsonObject Object(params (string Name, Func<JsonNode?> Value)[] members)
    {
        var value = new JsonObject();
        foreach (var member in members.Where(_ => random.Next(3) > 0))
        {
            Put(value, member);
        }

        return value;
    }

    private IEnumerable<(string, Func<JsonNode?>)> Some((string, Func<JsonNode?>)[] members) =>
        random.GetItems(members, random.Next(4));

    // One member in fifty is of a wrong type, one null.
    private void Put(JsonObject spec, (string Name, Func<JsonNode?> Value) member)
    {
        var dice = random.Next(50);
        var value =
            dice == 0 ? new JsonArray(1)
            : dice == 1 ? null
            : member.Value();
        if (value is not null || dice == 1)
        {
            spec[member.Name] = value;
        }
        else
        {
            spec.Remove(member.Name);
        }
    }
}

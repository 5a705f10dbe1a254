using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeRelease.Simulation;

/// <summary>Understands what control bodies and scenario steps say. A body's sort is told by the member that it has:
/// set or add (devices), fault or clear (faults), advance (time), version (versions), token (tokens), globals (globals).</summary>
internal sealed class Control(SimulatedLosant losant, SimulationClock clock)
{
    /// <summary>The sorts by the path that takes them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Sorts = new Dictionary<string, string[]>
    {
        ["devices"] = ["set", "add"],
        ["faults"] = ["fault", "clear"],
        ["time"] = ["advance"],
        ["versions"] = ["version"],
        ["tokens"] = ["token"],
        ["globals"] = ["globals"],
    };

    private readonly DeviceControl devices = new(losant);

    /// <summary>Understands a body and does nothing yet.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sorts">The sorts that it may be of.</param>
    /// <returns>Does it and says how many things were reached; throws FormatException when the model is not so.</returns>
    /// <exception cref="FormatException">The body cannot be understood.</exception>
    public Func<int> Read(JsonElement body, IReadOnlyCollection<string> sorts)
    {
        var sort =
            body.ValueKind == JsonValueKind.Object
                ? sorts.FirstOrDefault(sort => body.TryGetProperty(sort, out _))
                : null;
        var deed = Understood(() =>
            sort switch
            {
                "set" => devices.Set(body),
                "add" => devices.Add(body.GetProperty("add")),
                "fault" => AddFault(body),
                "clear" => ClearFaults,
                "advance" => Advance(body.GetProperty("advance").GetString()!),
                "version" => ChangeVersion(body),
                "token" => ChangeToken(body),
                "globals" => ChangeGlobals(body.GetProperty("globals")),
                _ => throw new FormatException($"a body needs one of {string.Join(", ", sorts)}"),
            }
        );
        return () => Understood(deed);
    }

    private static T Understood<T>(Func<T> reading)
    {
        try
        {
            return reading();
        }
        catch (Exception wrong)
            when (wrong
                    is InvalidOperationException
                        or KeyNotFoundException
                        or IndexOutOfRangeException
                        or ArgumentException
            )
        {
            throw new FormatException($"a member is missing or wrong: {wrong.Message}", wrong);
        }
    }

    private Func<int> AddFault(JsonElement body)
    {
        var name = body.GetProperty("fault").GetString()!;
        if (!Enum.TryParse<FaultKind>(name, out var kind) || kind >= FaultKind.DeviceAdded)
        {
            throw new FormatException($"unknown fault {name}");
        }

        TimeSpan? length = Text(body, "for") is { } span ? Durations.Parse(span) : null;
        var rule = new FaultRule(kind)
        {
            Route = Text(body, "route"),
            Method = Text(body, "method"),
            Path = Text(body, "path") is { } path ? new Regex(path, default, TimeSpan.FromSeconds(1)) : null,
            Skip = body.TryGetProperty("skip", out var skip) ? skip.GetInt32() : 0,
            Count = body.TryGetProperty("count", out var count) ? count.GetInt32() : null,
            Probability = body.TryGetProperty("probability", out var chance) ? chance.GetDouble() : 1,
            Delay = Text(body, "delay") is { } delay ? Durations.Parse(delay) : null,
        };
        return () =>
        {
            losant.Faults.Add(rule with { Until = losant.Now + length });
            return 1;
        };
    }

    private int ClearFaults()
    {
        losant.Faults.Clear();
        return 1;
    }

    private Func<int> Advance(string text)
    {
        var by = Durations.Parse(text);
        return () =>
        {
            clock.Advance(by);
            losant.AdvanceTo(clock.GetUtcNow());
            return 1;
        };
    }

    private Func<int> ChangeVersion(JsonElement body)
    {
        var named = Text(body, "flow");
        var name = body.GetProperty("version").GetString()!;
        var minimum = Text(body, "minimumAgentVersion");
        Action<SimulatedFlow> change = (Text(body, "action") ?? "add") switch
        {
            "add" => flow => flow.AddVersion(name, minimum),
            "republish" => flow => flow.Republish(name),
            "delete" => flow => flow.DeleteVersion(name),
            _ => throw new FormatException("action must be add, republish or delete"),
        };
        return () =>
        {
            change(devices.Flow(named));
            return 1;
        };
    }

    private Func<int> ChangeGlobals(JsonElement globals)
    {
        var error = Text(globals, "error");
        return () =>
        {
            losant.Applications[0].ChangeGlobals(error);
            return 1;
        };
    }

    private Func<int> ChangeToken(JsonElement body)
    {
        var text = body.GetProperty("token").GetString()!;
        var scopes = Scopes(body);
        Action change = Text(body, "action") switch
        {
            "add" => () => losant.Applications[0].AddToken(new TokenSetup(text) { Scopes = scopes }),
            "expire" => () => Token(text).Expire(),
            "rotate" when body.GetProperty("to").GetString() is { } to => () => Token(text).Rotate(to),
            _ => throw new FormatException("action must be add, expire, or rotate with to"),
        };
        return () =>
        {
            change();
            return 1;
        };
    }

    private SimulatedToken Token(string text) =>
        losant.FindToken(text) ?? throw new FormatException("the token is unknown");

    private static string[] Scopes(JsonElement body) =>
        body.TryGetProperty("scopes", out var scopes)
            ? [.. scopes.EnumerateArray().Select(scope => scope.GetString()!)]
            : ["all.Application"];

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var text) ? text.GetString() : null;
}

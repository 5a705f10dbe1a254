using System.Text.Json;
using System.Text.RegularExpressions;

namespace EdgeRelease.Simulation;

/// <summary>Does what control bodies and scenario steps say. A body's sort is told by the member that it has:
/// set or add (devices), fault or clear (faults), advance (time), version (versions), token (tokens).</summary>
internal sealed class Control(SimulatedLosant losant, SimulationClock clock)
{
    private static readonly string[] Sorts = ["set", "add", "fault", "clear", "advance", "version", "token"];
    private readonly DeviceControl devices = new(losant);

    /// <summary>Makes sure that a body is of some sort.</summary>
    /// <exception cref="FormatException">It is of none.</exception>
    public static string CheckSort(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object
        && Array.Find(Sorts, sort => body.TryGetProperty(sort, out _)) is { } found
            ? found
            : throw new FormatException($"a body needs one of {string.Join(", ", Sorts)}");

    /// <summary>Does it.</summary>
    /// <returns>How many things were reached.</returns>
    /// <exception cref="FormatException">The body cannot be understood.</exception>
    public int Apply(JsonElement body)
    {
        try
        {
            return CheckSort(body) switch
            {
                "set" => devices.Set(body),
                "add" => devices.Add(body.GetProperty("add")),
                "fault" => AddFault(body),
                "clear" => ClearFaults(),
                "advance" => Advance(Durations.Parse(body.GetProperty("advance").GetString()!)),
                "version" => ChangeVersion(body),
                _ => ChangeToken(body),
            };
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"a member is missing or of the wrong type: {wrong.Message}", wrong);
        }
    }

    private int AddFault(JsonElement body)
    {
        var name = body.GetProperty("fault").GetString()!;
        if (!Enum.TryParse<FaultKind>(name, out var kind))
        {
            throw new FormatException($"unknown fault {name}");
        }

        losant.Faults.Add(
            new FaultRule(kind)
            {
                Route = Text(body, "route"),
                Method = Text(body, "method"),
                Path = Text(body, "path") is { } path ? new Regex(path, default, TimeSpan.FromSeconds(1)) : null,
                Skip = body.TryGetProperty("skip", out var skip) ? skip.GetInt32() : 0,
                Count = body.TryGetProperty("count", out var count) ? count.GetInt32() : null,
                Probability = body.TryGetProperty("probability", out var chance) ? chance.GetDouble() : 1,
                Until = Text(body, "for") is { } span ? losant.Now + Durations.Parse(span) : null,
                Delay = Text(body, "delay") is { } delay ? Durations.Parse(delay) : null,
            }
        );
        return 1;
    }

    private int ClearFaults()
    {
        losant.Faults.Clear();
        return 1;
    }

    private int Advance(TimeSpan by)
    {
        clock.Advance(by);
        losant.AdvanceTo(clock.GetUtcNow());
        return 1;
    }

    private int ChangeVersion(JsonElement body)
    {
        var flow = devices.Flow(Text(body, "flow"));
        var name = body.GetProperty("version").GetString()!;
        switch (Text(body, "action") ?? "add")
        {
            case "add":
                flow.AddVersion(name, Text(body, "minimumAgentVersion"));
                break;
            case "republish":
                flow.Republish(name);
                break;
            case "delete":
                flow.DeleteVersion(name);
                break;
            default:
                throw new FormatException("action must be add, republish or delete");
        }

        return 1;
    }

    private int ChangeToken(JsonElement body)
    {
        var text = body.GetProperty("token").GetString()!;
        var token = losant.FindToken(text);
        switch (Text(body, "action"))
        {
            case "add":
                losant.Applications[0].AddToken(new TokenSetup(text) { Scopes = Scopes(body) });
                break;
            case "expire" when token is not null:
                token.Expire();
                break;
            case "rotate" when token is not null:
                token.Rotate(body.GetProperty("to").GetString()!);
                break;
            default:
                throw new FormatException("action must be add, or expire or rotate with a known token");
        }

        return 1;
    }

    private static string[] Scopes(JsonElement body) =>
        body.TryGetProperty("scopes", out var scopes)
            ? [.. scopes.EnumerateArray().Select(scope => scope.GetString()!)]
            : ["all.Application"];

    private static string? Text(JsonElement body, string name) =>
        body.TryGetProperty(name, out var text) ? text.GetString() : null;
}

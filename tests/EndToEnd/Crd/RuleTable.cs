using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.EndToEnd.Crd;

/// <summary>Accepted and refused specs of one kind, rule by rule. The API server's tests and those of the code read
/// the same table.</summary>
internal sealed class RuleTable
{
    private readonly JsonObject root;

    private RuleTable(JsonObject root) => this.root = root;

    /// <summary>Reads a table.</summary>
    /// <param name="root">The folder of the solution.</param>
    /// <param name="plural">The kind's plural, which is the file's name.</param>
    public static RuleTable Read(string root, string plural)
    {
        var text = File.ReadAllText(Path.Combine(root, "tests", "EndToEnd", "Crd", $"{plural}.yaml"));
        return new RuleTable(Yaml.Documents(text)[0]);
    }

    /// <summary>A spec that is valid.</summary>
    public JsonObject Base => root["base"]!.AsObject();

    public IEnumerable<string> Names => Rules.Select(rule => rule["name"]!.GetValue<string>());

    /// <summary>What CEL rules say, as the table has it.</summary>
    public IEnumerable<string> Says => Rules.Select(rule => rule["says"]?.GetValue<string>()).OfType<string>();

    private IEnumerable<JsonObject> Rules => root["rules"]!.AsArray().Select(rule => rule!.AsObject());

    /// <summary>The examples of a rule.</summary>
    public IEnumerable<RuleExample> Examples(string name)
    {
        var rule = Rules.Single(rule => rule["name"]!.GetValue<string>() == name);
        return Examples(rule, isAccepted: true).Concat(Examples(rule, isAccepted: false));
    }

    private IEnumerable<RuleExample> Examples(JsonObject rule, bool isAccepted) =>
        rule[isAccepted ? "accepted" : "refused"]!
            .AsArray()
            .Select(example => new RuleExample(
                isAccepted,
                rule["field"]!.GetValue<string>(),
                rule["says"]?.GetValue<string>() ?? "",
                example!["from"] is JsonObject from ? Merged(Base, from) : null,
                Merged(Base, (example["to"] ?? example).AsObject())
            ));

    private static JsonObject Merged(JsonObject target, JsonObject patch)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                merged.Remove(name);
                continue;
            }

            var isMerge = value is JsonObject { Count: > 0 } && merged[name] is JsonObject;
            merged[name] = isMerge ? Merged(merged[name]!.AsObject(), value.AsObject()) : value.DeepClone();
        }

        return merged;
    }
}

/// <summary>One example.</summary>
/// <param name="IsAccepted">Whether it must be accepted.</param>
/// <param name="Field">Where the problem is, when it is refused.</param>
/// <param name="Says">What a refusal says; empty for anything.</param>
/// <param name="From">The spec before; null when it is created.</param>
/// <param name="Spec">The spec.</param>
internal sealed record RuleExample(bool IsAccepted, string Field, string Says, JsonObject? From, JsonObject Spec)
{
    public override string ToString() => $"{From?.ToJsonString()} {Spec.ToJsonString()}".Trim();
}

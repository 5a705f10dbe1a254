using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRelease.Simulation;

/// <summary>A parsed query string. Brackets and repeated names make arrays and objects, as Losant's parser does:
/// an index above 20 turns an array into an object.</summary>
internal sealed class QueryText
{
    private const int MostIndex = 20;
    private readonly Dictionary<string, string> texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonObject> structures = new(StringComparer.Ordinal);

    public QueryText(string query)
    {
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var name = Decode(equals < 0 ? pair : pair[..equals]);
            Add(name, equals < 0 ? "" : Decode(pair[(equals + 1)..]));
        }
    }

    /// <summary>Whether a parameter was given.</summary>
    public bool Has(string name) => texts.ContainsKey(name) || structures.ContainsKey(name);

    /// <summary>A plain parameter; null when it is absent or has a structure.</summary>
    public string? Text(string name) => texts.GetValueOrDefault(name);

    /// <summary>A parameter as JSON: text, array or object; null when it is absent.</summary>
    public JsonElement? Json(string name) =>
        texts.TryGetValue(name, out var text) ? ToElement(JsonValue.Create(text))
        : structures.TryGetValue(name, out var structure) ? ToElement(Arranged(structure))
        : null;

    /// <summary>All parameters as one object, as a form body is read.</summary>
    public JsonElement ToObject()
    {
        var all = new JsonObject();
        foreach (var (name, text) in texts)
        {
            all[name] = text;
        }

        foreach (var (name, structure) in structures)
        {
            all[name] = Arranged(structure);
        }

        return ToElement(all);
    }

    private void Add(string name, string value)
    {
        var bracket = name.IndexOf('[', StringComparison.Ordinal);
        if (bracket > 0 && name.EndsWith(']'))
        {
            Put(Structure(name[..bracket]), name[(bracket + 1)..^1].Split("]["), value);
        }
        else if (texts.Remove(name, out var first))
        {
            var structure = Structure(name);
            structure["0"] = first;
            structure["1"] = value;
        }
        else if (structures.TryGetValue(name, out var structure))
        {
            Put(structure, [""], value);
        }
        else
        {
            texts[name] = value;
        }
    }

    private JsonObject Structure(string name) =>
        structures.TryGetValue(name, out var known) ? known : structures[name] = [];

    private static void Put(JsonObject owner, string[] path, string value)
    {
        for (var depth = 0; ; depth++)
        {
            var key = path[depth].Length == 0 ? owner.Count.ToString() : path[depth];
            if (depth == path.Length - 1)
            {
                owner[key] = value;
                return;
            }

            if (owner[key] is not JsonObject next)
            {
                owner[key] = next = [];
            }

            owner = next;
        }
    }

    private static JsonNode Arranged(JsonNode node)
    {
        if (node is not JsonObject structure)
        {
            return node.DeepClone();
        }

        var members = structure.Select(member => (member.Key, Value: Arranged(member.Value!))).ToList();
        if (members.TrueForAll(member => int.TryParse(member.Key, out var index) && index is >= 0 and <= MostIndex))
        {
            return new JsonArray([.. members.OrderBy(member => int.Parse(member.Key)).Select(member => member.Value)]);
        }

        return new JsonObject(members.Select(member => KeyValuePair.Create(member.Key, (JsonNode?)member.Value)));
    }

    private static JsonElement ToElement(JsonNode node)
    {
        using var document = JsonDocument.Parse(node.ToJsonString());
        return document.RootElement.Clone();
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}

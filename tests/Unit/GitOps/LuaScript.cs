using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using NLua;

namespace EdgeRelease.Tests.Unit.GitOps;

/// <summary>A script as Argo CD runs it: the object is the global <c>obj</c>, the result is what it returns, and of Lua's
/// libraries only the basic one and <c>table</c> are there.</summary>
internal static class LuaScript
{
    private const string Sandbox = """
        getmetatable("").__index = nil
        string, io, os, debug, package, coroutine, utf8, math, require = nil
        dofile, loadfile, load, luanet, import = nil
        """;

    private static readonly JsonSerializerOptions Quoted = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Runs a script over an object. What is empty is left out of the result: Lua has one word for an empty
    /// object, an empty list and nothing.</summary>
    public static JsonNode? Run(string script, JsonObject thing)
    {
        using var lua = new Lua();
        lua.DoString(Sandbox);
        lua.DoString($"obj = {Literal(thing)}");
        return Json(lua.DoString(script).Single());
    }

    /// <summary>The same without what is empty.</summary>
    public static JsonNode? Trimmed(JsonNode? node) =>
        node switch
        {
            JsonObject members => Filled(
                members.Select(member => KeyValuePair.Create(member.Key, Trimmed(member.Value))).Where(HasValue)
            ),
            JsonArray { Count: 0 } => null,
            JsonArray items => new JsonArray([.. items.Select(Trimmed)]),
            _ => node?.DeepClone(),
        };

    private static bool HasValue(KeyValuePair<string, JsonNode?> member) => member.Value is not null;

    private static JsonObject? Filled(IEnumerable<KeyValuePair<string, JsonNode?>> members)
    {
        var filled = new JsonObject(members);
        return filled.Count == 0 ? null : filled;
    }

    private static string Literal(JsonNode? node) =>
        node switch
        {
            null => "nil",
            JsonObject members =>
                $"{{{string.Join(", ", members.Select(member => $"[{Quote(member.Key)}] = {Literal(member.Value)}"))}}}",
            JsonArray items => $"{{{string.Join(", ", items.Select(Literal))}}}",
            _ when node.GetValueKind() == JsonValueKind.String => Quote(node.GetValue<string>()),
            _ => node.ToJsonString(),
        };

    private static string Quote(string text) => JsonSerializer.Serialize(text, Quoted);

    private static JsonNode? Json(object? value) =>
        value switch
        {
            null => null,
            LuaTable table => OfTable(table),
            bool flag => flag,
            long number => checked((int)number),
            double number => number,
            string text => text,
            _ => throw new NotSupportedException($"a {value.GetType().Name} from Lua"),
        };

    private static JsonNode? OfTable(LuaTable table)
    {
        var keys = table.Keys.Cast<object>().ToList();
        if (keys.Count > 0 && keys.TrueForAll(key => key is long))
        {
            return new JsonArray([.. keys.Cast<long>().Order().Select(key => Json(table[key]))]);
        }

        return Filled(
            keys.Select(key =>
                    KeyValuePair.Create(Convert.ToString(key, CultureInfo.InvariantCulture)!, Json(table[key]))
                )
                .Where(HasValue)
        );
    }
}

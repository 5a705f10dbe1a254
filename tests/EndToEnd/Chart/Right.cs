using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>One verb on one resource.</summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Resource">Plural, with <c>/status</c> for that part.</param>
/// <param name="Verb">As <c>get</c>.</param>
/// <param name="Name">The only object that it holds for; null for all.</param>
internal sealed record Right(string Group, string Resource, string Verb, string? Name = null)
{
    /// <summary>The resources of which only one object is touched.</summary>
    private static readonly string[] Named = ["leases"];

    private static readonly string?[] Unnamed = [null];

    private static readonly string[] Order = ["get", "list", "watch", "create", "update", "patch", "delete"];

    /// <summary>What the rules of roles grant.</summary>
    public static HashSet<Right> Granted(IEnumerable<JsonObject> roles) =>
        [
            .. from rule in roles.SelectMany(role => role["rules"]!.AsArray())
            from text in Texts(rule, "apiGroups")
            from resource in Texts(rule, "resources")
            from verb in Texts(rule, "verbs")
            from name in rule!["resourceNames"]?.AsArray().Select(name => (string?)name) ?? Unnamed
            select new Right(text, resource, verb, name),
        ];

    /// <summary>What a call in the audit log needs. A name cannot bound what is created.</summary>
    /// <param name="entry">An entry about a resource.</param>
    public static Right Used(JsonElement entry)
    {
        var about = entry.GetProperty("objectRef");
        var (resource, verb) = (Text(about, "resource")!, entry.GetProperty("verb").GetString()!);
        var part = Text(about, "subresource") is { } sub ? $"/{sub}" : "";
        return new Right(
            Text(about, "apiGroup") ?? "",
            resource + part,
            verb,
            Named.Contains(resource) && verb != "create" ? Text(about, "name") : null
        );
    }

    /// <summary>Rules that grant rights, as few as there are sets of verbs.</summary>
    public static string Rules(IEnumerable<Right> rights) =>
        string.Concat(
            rights
                .GroupBy(right => (right.Group, right.Resource, right.Name))
                .GroupBy(each => (each.Key.Group, each.Key.Name, Verbs: Verbs(each)), each => each.Key.Resource)
                .OrderBy(rule => (rule.Key.Group.Length, rule.Key.Group, rule.Min(StringComparer.Ordinal)))
                .Select(rule =>
                    $"- apiGroups: [{(rule.Key.Group.Length == 0 ? "\"\"" : rule.Key.Group)}]\n"
                    + $"  resources: [{string.Join(", ", rule.Order(StringComparer.Ordinal))}]\n"
                    + (rule.Key.Name is { } name ? $"  resourceNames: [{name}]\n" : "")
                    + $"  verbs: [{rule.Key.Verbs}]\n"
                )
        );

    private static string Verbs(IEnumerable<Right> rights) =>
        string.Join(", ", rights.Select(right => right.Verb).OrderBy(verb => Array.IndexOf(Order, verb)));

    private static IEnumerable<string> Texts(JsonNode? rule, string name) =>
        rule![name]!.AsArray().Select(text => (string)text!);

    private static string? Text(JsonElement about, string name) =>
        about.TryGetProperty(name, out var value) ? value.GetString() : null;
}

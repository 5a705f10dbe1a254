using System.Text.Json;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>The kinds that the API server knows.</summary>
internal sealed class ServedKinds
{
    private readonly Dictionary<ResourceKind, KindRules> _rules = KindRules.BuiltIn.ToDictionary(rules => rules.Kind);

    /// <summary>Adds a kind, or changes its rules.</summary>
    /// <param name="rules">Its rules.</param>
    public void Register(KindRules rules) => _rules[rules.Kind] = rules;

    /// <summary>The rules of a kind; 404 when it is not served.</summary>
    /// <param name="kind">The kind.</param>
    public KindRules RulesOf(ResourceKind kind) =>
        _rules.TryGetValue(kind, out var rules) ? rules : throw Refusal.NotFound($"{kind.ApiVersion} {kind.Plural}");

    /// <summary>The served kind of an object; 404 when there is none.</summary>
    /// <param name="body">The object, with apiVersion and kind.</param>
    public ResourceKind KindOf(JsonElement body)
    {
        var (version, name) = (ObjectJson.Text(body, "apiVersion"), ObjectJson.Text(body, "kind"));
        return _rules.Keys.FirstOrDefault(kind => kind.ApiVersion == version && kind.Kind == name)
            ?? throw Refusal.NotFound($"{version} {name}");
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>Fills in the defaults of an object that is about to be stored, and judges it.</summary>
/// <param name="candidate">The object; may be changed, all but its metadata.</param>
/// <param name="stored">What it replaces; null for a creation.</param>
/// <returns>Null to accept it; else the reason of the refusal (422), without the object's name.</returns>
public delegate string? Admission(JsonObject candidate, JsonElement? stored);

/// <summary>How the API server treats one kind. The defaults are those of a custom resource without
/// subresources.</summary>
/// <param name="Kind">The kind.</param>
public sealed record KindRules(ResourceKind Kind)
{
    /// <summary>A status subresource: writes of the object leave the status alone, writes of the status all
    /// else.</summary>
    public bool HasStatus { get; init; }

    /// <summary>A kind of a CustomResourceDefinition: it has a generation, and items of a list name their
    /// kind.</summary>
    public bool IsCustom { get; init; } = true;

    /// <summary>A PUT of an absent object creates it.</summary>
    public bool AllowsCreateByReplace { get; init; }

    /// <summary>The schema's defaults and rules; null for none.</summary>
    public Admission? Admission { get; init; }

    /// <summary>The kinds that every cluster here has: those that <see cref="ResourceKind"/> names.</summary>
    internal static IEnumerable<KindRules> BuiltIn =>
        [
            new(ResourceKind.Secret) { IsCustom = false },
            new(ResourceKind.ConfigMap) { IsCustom = false },
            new(ResourceKind.Lease) { IsCustom = false, AllowsCreateByReplace = true },
            new(ResourceKind.Event) { IsCustom = false, AllowsCreateByReplace = true },
        ];
}

using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>An EdgeRelease as received and as read.</summary>
/// <param name="Json">The object as received: replaces are edits of it.</param>
/// <param name="Meta">Its metadata.</param>
/// <param name="Spec">What is wanted.</param>
/// <param name="Status">What was found; null before the first pass.</param>
public sealed record ReleaseObject(JsonElement Json, ObjectMeta Meta, EdgeReleaseSpec Spec, EdgeReleaseStatus? Status)
{
    /// <summary>Why the status could not be read, which then counts as lost; null when it could.</summary>
    public string? StatusProblem { get; init; }

    /// <summary>Whether the spec could not be read, and is empty here.</summary>
    public bool IsBare { get; private init; }

    /// <summary>Reads an object. A status that cannot be read is none.</summary>
    /// <param name="json">The object as received.</param>
    /// <exception cref="JsonException">Its spec is not of the contract.</exception>
    public static ReleaseObject Of(JsonElement json)
    {
        try
        {
            return Whole(json);
        }
        catch (JsonException e)
        {
            var rest = ResourceJson.Edited(json, root => root.Remove("status"));
            return Whole(rest) with { Json = json, StatusProblem = e.Message };
        }
    }

    /// <summary>An object whose spec cannot be read: its spec here is empty.</summary>
    /// <param name="json">The object as received.</param>
    internal static ReleaseObject Bare(JsonElement json) =>
        Of(ResourceJson.Edited(json, root => root["spec"] = new JsonObject())) with
        {
            Json = json,
            IsBare = true,
        };

    private static ReleaseObject Whole(JsonElement json)
    {
        var read = json.Deserialize(ControllerJson.Default.ResourceEdgeReleaseSpecEdgeReleaseStatus)!;
        return new ReleaseObject(
            json,
            read.Metadata,
            read.Spec ?? throw new JsonException("spec is missing"),
            read.Status
        );
    }

    /// <summary>The object's uid.</summary>
    public string Uid => Meta.Uid ?? "";

    /// <summary>Namespace and name.</summary>
    public ResourceKey Key => Meta.Key;

    /// <summary>Whether the operator's finalizer holds the object.</summary>
    public bool IsHeld => Meta.Finalizers.Contains(ApiGroup.RestoreFinalizer);

    /// <summary>The field managers that set the object's annotations, as the API server recorded them: by annotation, of
    /// several the latest (F076).</summary>
    /// <param name="json">The object as the API server gives it; copies that are kept have none.</param>
    public static IReadOnlyDictionary<string, string> Managers(JsonElement json)
    {
        var managers = new Dictionary<string, string>(StringComparer.Ordinal);
        if (!json.GetProperty("metadata").TryGetProperty("managedFields", out var entries))
        {
            return managers;
        }

        foreach (var entry in entries.EnumerateArray().OrderBy(entry => Text(entry, "time"), StringComparer.Ordinal))
        {
            if (
                Text(entry, "manager") is { } manager
                && entry.TryGetProperty("fieldsV1", out var fields)
                && fields.TryGetProperty("f:metadata", out var metadata)
                && metadata.TryGetProperty("f:annotations", out var annotations)
            )
            {
                foreach (var annotation in annotations.EnumerateObject().Where(each => each.Name.Length > 2))
                {
                    managers[annotation.Name[2..]] = manager;
                }
            }
        }

        return managers;
    }

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty(member, out var value) ? value.GetString() : null;

    /// <summary>The object with another status, ready to be put.</summary>
    /// <param name="status">The whole new status.</param>
    public JsonElement With(EdgeReleaseStatus status) =>
        ResourceJson.WithStatus(Json, JsonSerializer.SerializeToElement(status, ApiJson.Default.EdgeReleaseStatus));
}

/// <summary>A LosantApplication as received and as read.</summary>
/// <param name="Json">The object as received.</param>
/// <param name="Meta">Its metadata.</param>
/// <param name="Spec">Where the application lives.</param>
/// <param name="Status">What was found; null before the first pass.</param>
public sealed record ApplicationObject(
    JsonElement Json,
    ObjectMeta Meta,
    LosantApplicationSpec Spec,
    LosantApplicationStatus? Status
)
{
    /// <summary>Reads an object.</summary>
    /// <param name="json">The object as received.</param>
    /// <exception cref="JsonException">It is not of the contract.</exception>
    public static ApplicationObject Of(JsonElement json)
    {
        var read = json.Deserialize(ControllerJson.Default.ResourceLosantApplicationSpecLosantApplicationStatus)!;
        return new ApplicationObject(
            json,
            read.Metadata,
            read.Spec ?? throw new JsonException("spec is missing"),
            read.Status
        );
    }

    /// <summary>The object with another status, ready to be put.</summary>
    /// <param name="status">The whole new status.</param>
    public JsonElement With(LosantApplicationStatus status) => ResourceJson.WithStatus(Json, Text(status));

    /// <summary>Whether two statuses say the same.</summary>
    /// <param name="one">One.</param>
    /// <param name="other">The other.</param>
    public static bool IsSame(LosantApplicationStatus one, LosantApplicationStatus other) =>
        JsonElement.DeepEquals(Text(one), Text(other));

    private static JsonElement Text(LosantApplicationStatus status) =>
        JsonSerializer.SerializeToElement(status, ApiJson.Default.LosantApplicationStatus);
}

/// <summary>The objects with their metadata, in the contract's own way of reading.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    Converters = [typeof(DurationConverter), typeof(TimeConverter)]
)]
[JsonSerializable(typeof(Resource<EdgeReleaseSpec, EdgeReleaseStatus>))]
[JsonSerializable(typeof(Resource<LosantApplicationSpec, LosantApplicationStatus>))]
[JsonSerializable(typeof(EdgeReleaseRevision))]
internal sealed partial class ControllerJson : JsonSerializerContext;

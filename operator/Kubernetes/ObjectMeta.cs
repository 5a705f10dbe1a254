using System.Text.Json.Serialization;

namespace EdgeRelease.Kubernetes;

/// <summary>The metadata of an object, for reading. A replace is never built from it, because it knows only
/// the members below: edit the received JSON with <see cref="ResourceJson"/> instead.</summary>
/// <remarks>A member that is absent in the JSON has its default, never null where the type is not nullable.</remarks>
public sealed record ObjectMeta
{
    /// <summary>The name, unique within kind and namespace. Default empty.</summary>
    [JsonPropertyName("name")]
    public string Name
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>The namespace; null for a cluster-scoped object.</summary>
    [JsonPropertyName("namespace")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Namespace { get; init; }

    /// <summary>The identity that a re-created object of the same name does not share; null before creation.</summary>
    [JsonPropertyName("uid")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Uid { get; init; }

    /// <summary>The version of the stored object, set by the server; null before creation.</summary>
    [JsonPropertyName("resourceVersion")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ResourceVersion { get; init; }

    /// <summary>Counts changes of the spec, from 1; 0 where the server keeps none.</summary>
    [JsonPropertyName("generation")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Generation { get; init; }

    /// <summary>When the server stored it first; null before creation.</summary>
    [JsonPropertyName("creationTimestamp")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? CreationTimestamp { get; init; }

    /// <summary>When its deletion was asked for; null unless it is being deleted.</summary>
    [JsonPropertyName("deletionTimestamp")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DeletionTimestamp { get; init; }

    /// <summary>Labels by key. Default empty.</summary>
    [JsonPropertyName("labels")]
    public IReadOnlyDictionary<string, string> Labels
    {
        get;
        init => field = value ?? NoPairs;
    } = NoPairs;

    /// <summary>Annotations by key. Default empty.</summary>
    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string> Annotations
    {
        get;
        init => field = value ?? NoPairs;
    } = NoPairs;

    /// <summary>Who must let go before a deletion ends. Default empty.</summary>
    [JsonPropertyName("finalizers")]
    public IReadOnlyList<string> Finalizers
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>The objects whose deletion takes this one along. Default empty.</summary>
    [JsonPropertyName("ownerReferences")]
    public IReadOnlyList<OwnerReference> OwnerReferences
    {
        get;
        init => field = value ?? [];
    } = [];

    /// <summary>Namespace and name; the namespace is empty for a cluster-scoped object.</summary>
    [JsonIgnore]
    public ResourceKey Key => new(Namespace ?? "", Name);

    private static readonly Dictionary<string, string> NoPairs = [];
}

/// <summary>Names an owner in the same namespace.</summary>
public sealed record OwnerReference
{
    /// <summary>Group and version of the owner's kind.</summary>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>The owner's kind.</summary>
    [JsonPropertyName("kind")]
    public string Kind
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>The owner's name.</summary>
    [JsonPropertyName("name")]
    public string Name
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>The owner's uid; a namesake with another uid is not the owner.</summary>
    [JsonPropertyName("uid")]
    public string Uid
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>Whether it is the one controller of the object; null means no.</summary>
    [JsonPropertyName("controller")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Controller { get; init; }

    /// <summary>Whether it keeps a foreground deletion of the owner waiting; null means no.</summary>
    [JsonPropertyName("blockOwnerDeletion")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? BlockOwnerDeletion { get; init; }
}

using System.Text.Json.Serialization;

namespace EdgeRelease.Kubernetes;

/// <summary>An object of a kind with spec and status, read with a source-generated contract of the using project.
/// For reading and creating; a replace is an edit of the received JSON (<see cref="ResourceJson"/>).</summary>
/// <typeparam name="TSpec">What is wanted.</typeparam>
/// <typeparam name="TStatus">What was found.</typeparam>
public sealed record Resource<TSpec, TStatus>
    where TSpec : class
    where TStatus : class
{
    /// <summary>Group and version. Items of a list of a built-in kind come without. Default empty.</summary>
    [JsonPropertyName("apiVersion")]
    public string ApiVersion
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>The kind. Items of a list of a built-in kind come without. Default empty.</summary>
    [JsonPropertyName("kind")]
    public string Kind
    {
        get;
        init => field = value ?? "";
    } = "";

    /// <summary>Name, namespace and bookkeeping. Default empty.</summary>
    [JsonPropertyName("metadata")]
    public ObjectMeta Metadata
    {
        get;
        init => field = value ?? new();
    } = new();

    /// <summary>What is wanted; null when the object has none.</summary>
    [JsonPropertyName("spec")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TSpec? Spec { get; init; }

    /// <summary>What was found; null until first written.</summary>
    [JsonPropertyName("status")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public TStatus? Status { get; init; }
}

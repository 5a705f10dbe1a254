using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace EdgeRelease.Api;

/// <summary>Reads and writes the contract: camelCase members, nulls left out, enums by name, unknown members ignored.
/// Absent members get the defaults of the CRD. Throws JsonException for what the schema would refuse by type.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    Converters = [typeof(DurationConverter), typeof(TimeConverter)]
)]
[JsonSerializable(typeof(EdgeReleaseSpec))]
[JsonSerializable(typeof(EdgeReleaseStatus))]
[JsonSerializable(typeof(LosantApplicationSpec))]
[JsonSerializable(typeof(LosantApplicationStatus))]
[JsonSerializable(typeof(EdgeReleaseRevision))]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(JsonNode))]
public sealed partial class ApiJson : JsonSerializerContext;

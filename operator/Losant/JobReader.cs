using System.Text.Json;

namespace EdgeRelease.Losant;

/// <summary>Reads what a queued job is called. Source: Losant schema jobEnqueuedResult.</summary>
internal static class JobReader
{
    private const int LongestId = 64;

    /// <summary>The job's id; null when the answer has none, which changes nothing: the job is queued all the
    /// same.</summary>
    public static string? IdIn(ReadOnlySpan<byte> body)
    {
        try
        {
            var json = new Utf8JsonReader(body, Json.Bounds);
            using var document = JsonDocument.ParseValue(ref json);
            return
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("jobId", out var id)
                && id.ValueKind == JsonValueKind.String
                ? OneLine.Of(id.GetString()!, LongestId)
                : null;
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}

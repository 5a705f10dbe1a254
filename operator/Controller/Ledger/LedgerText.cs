using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Ledger rows as the text of an EdgeReleaseRevision: base64 of gzip of JSON, about 30 bytes a row.</summary>
public static class LedgerText
{
    /// <summary>The rows as text.</summary>
    /// <param name="rows">The rows, in any order.</param>
    public static string Of(IEnumerable<LedgerRow> rows)
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true))
        {
            var stored = rows.OrderBy(row => row.Device).Select(StoredRow.Of).ToArray();
            JsonSerializer.Serialize(zip, stored, LedgerJson.Default.StoredRowArray);
        }

        return Convert.ToBase64String(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The rows of a text.</summary>
    /// <param name="text">What <see cref="Of"/> made; null gives none.</param>
    /// <exception cref="JsonException">The text is not a ledger.</exception>
    public static IReadOnlyList<LedgerRow> Rows(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return [];
        }

        try
        {
            using var zip = new GZipStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
            var stored = JsonSerializer.Deserialize(zip, LedgerJson.Default.StoredRowArray) ?? [];
            return [.. stored.Select(row => row.Row())];
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new JsonException("the ledger is not base64 of gzip of JSON", e);
        }
    }
}

/// <summary>A row as stored: short names, absent members left out.</summary>
internal sealed record StoredRow
{
    [JsonPropertyName("d")]
    public string Device { get; set; } = "";

    [JsonPropertyName("r")]
    public int Revision { get; set; }

    [JsonPropertyName("p")]
    public string? Previous { get; set; }

    [JsonPropertyName("pe")]
    public string? PreviousEtag { get; set; }

    [JsonPropertyName("s")]
    public string? Stable { get; set; }

    [JsonPropertyName("se")]
    public string? StableEtag { get; set; }

    [JsonPropertyName("a")]
    public int Attempts { get; set; }

    [JsonPropertyName("o")]
    public Outcome Outcome { get; set; }

    [JsonPropertyName("oa")]
    public DateTimeOffset? OutcomeAt { get; set; }

    [JsonPropertyName("e")]
    public string? Error { get; set; }

    [JsonPropertyName("st")]
    public int Step { get; set; }

    [JsonPropertyName("c")]
    public string? Closed { get; set; }

    [JsonPropertyName("l")]
    public Command? Last { get; set; }

    [JsonPropertyName("n")]
    public Command? Next { get; set; }

    public static StoredRow Of(LedgerRow row) =>
        new()
        {
            Device = row.Device.ToString(),
            Revision = row.Revision,
            Previous = row.Previous,
            PreviousEtag = row.PreviousEtag,
            Stable = row.Stable,
            StableEtag = row.StableEtag,
            Attempts = row.Attempts,
            Outcome = row.Outcome,
            OutcomeAt = row.OutcomeAt,
            Error = row.Error,
            Step = row.Step,
            Closed = row.Closed,
            Last = row.Last,
            Next = row.Next,
        };

    public LedgerRow Row() =>
        new()
        {
            Device = DeviceId.TryParse(Device, out var id) ? id : throw new JsonException($"'{Device}' is no device id"),
            Revision = Revision,
            Previous = Previous,
            PreviousEtag = PreviousEtag,
            Stable = Stable,
            StableEtag = StableEtag,
            Attempts = Attempts,
            Outcome = Outcome,
            OutcomeAt = OutcomeAt,
            Error = Error,
            Step = Step,
            Closed = Closed,
            Last = Last,
            Next = Next,
        };
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(StoredRow[]))]
internal sealed partial class LedgerJson : JsonSerializerContext;

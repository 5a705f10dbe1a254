using System.IO.Compression;
using System.Text.Json;
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
            using var zip = new GZipStream(
                new MemoryStream(Convert.FromBase64String(text)),
                CompressionMode.Decompress
            );
            var stored = JsonSerializer.Deserialize(zip, LedgerJson.Default.StoredRowArray) ?? [];
            return [.. stored.Select(row => row.Row())];
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new JsonException("the ledger is not base64 of gzip of JSON", e);
        }
    }
}

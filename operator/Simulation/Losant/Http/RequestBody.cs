using System.Text;
using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Reads bodies as Losant's body parser does: JSON, forms as objects, everything else as text.</summary>
internal static class RequestBody
{
    /// <summary>The body; null when there is none.</summary>
    /// <exception cref="JsonException">It says to be JSON and is not.</exception>
    public static JsonElement? Parse(SimulatedRequest request)
    {
        if (request.Body.IsEmpty)
        {
            return null;
        }

        var type = request
            .Headers.FirstOrDefault(header => header.Key.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
            .Value;
        type = type?.Split(';')[0].Trim();
        if (type is "application/json")
        {
            using var document = JsonDocument.Parse(request.Body);
            return document.RootElement.Clone();
        }

        var text = Encoding.UTF8.GetString(request.Body.Span);
        if (type is "application/x-www-form-urlencoded")
        {
            return new QueryText(text).ToObject();
        }

        using var plain = JsonDocument.Parse(JsonText.Write(writer => writer.WriteStringValue(text)));
        return plain.RootElement.Clone();
    }
}

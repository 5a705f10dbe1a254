using System.Text;
using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>What the API answers, before faults and headers.</summary>
internal readonly record struct Answer(int Status, byte[] Body, string ContentType = "application/json")
{
    private static readonly byte[] Success = "{\"success\":true}"u8.ToArray();

    /// <summary>201: scheduled, nothing more.</summary>
    public static Answer Scheduled => new(201, Success);

    /// <summary>400 with the text of a validation.</summary>
    public static Answer Invalid(string message) => Problem(400, "Validation", message);

    /// <summary>404 for a thing, by its title.</summary>
    public static Answer NotFound(string title) => Problem(404, "NotFound", $"{title} was not found");

    /// <summary>403.</summary>
    public static Answer Forbidden => Problem(403, "Forbidden", "Access is forbidden");

    /// <summary>401 with its text.</summary>
    public static Answer Unauthorized(string message) => Problem(401, "Unauthorized", message);

    /// <summary>405, also for paths that nobody knows.</summary>
    public static Answer NotAllowed(string method) => Problem(405, "MethodNotAllowed", $"{method} is not allowed");

    /// <summary>400 of the body parser, which has no type.</summary>
    public static Answer BadJson(string reason) =>
        new(
            400,
            JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("code", "InvalidContent");
                writer.WriteString("message", $"Invalid JSON: {reason}");
                writer.WriteEndObject();
            })
        );

    /// <summary>An answer of a status alone: what a throttle, a failing server or a proxy says.</summary>
    public static Answer OfStatus(int status) =>
        status switch
        {
            408 => Problem(408, "RequestTimeout", "Request timed out"),
            429 => Problem(429, "RateLimit", "Rate limit exceeded"),
            500 => Problem(500, "Error", "An unexpected error occurred"),
            _ => new Answer(status, Encoding.UTF8.GetBytes($"<html><h1>{status}</h1></html>"), "text/html"),
        };

    private static Answer Problem(int status, string type, string message) =>
        new(
            status,
            JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("type", type);
                writer.WriteString("message", message);
                writer.WriteEndObject();
            })
        );
}

/// <summary>Writes JSON as Losant does: nothing escaped that need not be, times in milliseconds.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>The bytes of what is written.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(512);
        using var writer = new Utf8JsonWriter(buffer, Options);
        content(writer);
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a time, <c>2016-06-13T04:00:00.000Z</c>.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, string name, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[24];
        at.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.fffZ");
        writer.WriteString(name, text[..length]);
    }

    /// <summary>Writes a text, or nothing when it is null.</summary>
    public static void WriteOptional(this Utf8JsonWriter writer, string name, string? text)
    {
        if (text is not null)
        {
            writer.WriteString(name, text);
        }
    }
}

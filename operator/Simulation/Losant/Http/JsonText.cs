using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Writes JSON as Losant does: nothing escaped that need not be, times in milliseconds.</summary>
internal static class JsonText
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>A buffer that nobody writes to now; writing inside writing makes another one.</summary>
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? spare;

    /// <summary>The bytes of what is written.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> content)
    {
        var buffer = spare ?? new ArrayBufferWriter<byte>();
        spare = null;
        buffer.ResetWrittenCount();
        using var writer = new Utf8JsonWriter(buffer, Options);
        content(writer);
        writer.Flush();
        spare = buffer;
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

    /// <summary>Writes a text, or null, which some Losant leaves out.</summary>
    public static void WriteNullable(this Utf8JsonWriter writer, Call call, string name, string? text)
    {
        if (text is not null || !call.Unknowns.OmitsNulls)
        {
            writer.WriteString(name, text);
        }
    }

    /// <summary>Writes what every entry of a log begins with.</summary>
    public static void WriteLogHead(this Utf8JsonWriter writer, bool isDesired, DateTimeOffset date, LogSource by)
    {
        writer.WriteString("changeType", isDesired ? "desired" : "current");
        writer.WriteTime("date", date);
        writer.WriteString("sourceType", by.SourceType);
        writer.WriteString("sourceId", by.SourceId);
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeRelease.Api;

/// <summary>Reads RFC 3339 times of any offset; writes them in UTC with a <c>Z</c> and the fraction digits they have.</summary>
public sealed class TimeConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Scalars.Time(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(
            value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
        );
}

/// <summary>Reads RFC 3339 times of any offset; writes them in UTC in whole seconds, as metav1.Time is written.</summary>
public sealed class SecondsConverter : JsonConverter<DateTimeOffset>
{
    /// <inheritdoc/>
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Scalars.Time(ref reader);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
}

/// <summary>Reads single JSON values and names those that do not fit.</summary>
internal static class Scalars
{
    /// <summary>The text of a string; of another value its JSON, which no reader of texts accepts.</summary>
    /// <param name="reader">Stands on the value.</param>
    public static string Text(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return reader.GetString()!;
        }

        using var value = JsonDocument.ParseValue(ref reader);
        throw new JsonException($"{value.RootElement.GetRawText()} is not a string");
    }

    /// <summary>The time that a string spells.</summary>
    /// <param name="reader">Stands on the value.</param>
    public static DateTimeOffset Time(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var time)
            ? time.ToUniversalTime()
            : throw new JsonException($"'{Text(ref reader)}' is not a time such as 2026-11-22T09:10:00Z");
}

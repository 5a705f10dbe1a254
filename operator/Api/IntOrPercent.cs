using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeRelease.Api;

/// <summary>A number of devices, or a percentage of some devices; the reader decides how a percentage is rounded.</summary>
/// <param name="Value">The number, or the whole percent; not negative.</param>
/// <param name="IsPercent">Whether <paramref name="Value"/> is a percentage.</param>
[JsonConverter(typeof(IntOrPercentConverter))]
public readonly record struct IntOrPercent(int Value, bool IsPercent)
{
    /// <summary>A number of devices.</summary>
    /// <param name="value">The number, not negative.</param>
    public static IntOrPercent Count(int value) => new(value, IsPercent: false);

    /// <summary>A percentage.</summary>
    /// <param name="value">Whole percent of 0 to 100.</param>
    public static IntOrPercent Percent(int value) => new(value, IsPercent: true);

    /// <summary>As people write it: <c>5</c> or <c>5%</c>.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture) + (IsPercent ? "%" : "");
}

/// <summary>Reads and writes <c>5</c> and <c>"5%"</c> in JSON; anything else is a JsonException that names the value.</summary>
public sealed class IntOrPercentConverter : JsonConverter<IntOrPercent>
{
    /// <inheritdoc/>
    public override IntOrPercent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var count))
        {
            return IntOrPercent.Count(count);
        }

        var text = Scalars.Text(ref reader);
        return
            text.EndsWith('%')
            && int.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var percent
            )
            ? IntOrPercent.Percent(percent)
            : throw new JsonException($"'{text}' is neither a number nor a percentage such as 5%");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IntOrPercent value, JsonSerializerOptions options)
    {
        if (value.IsPercent)
        {
            writer.WriteStringValue(value.ToString());
            return;
        }

        writer.WriteNumberValue(value.Value);
    }
}

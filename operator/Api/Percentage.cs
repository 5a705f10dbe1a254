using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EdgeRelease.Api;

/// <summary>A percentage that need not be whole.</summary>
/// <param name="Value">The percent, 0 to 100, as 0.5.</param>
[JsonConverter(typeof(PercentageConverter))]
public readonly record struct Percentage(decimal Value)
{
    /// <summary>As people write it: <c>0.5%</c>.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture) + "%";
}

/// <summary>Reads and writes <c>"0.5%"</c> in JSON; anything else is a JsonException that names the value.</summary>
public sealed class PercentageConverter : JsonConverter<Percentage>
{
    /// <inheritdoc/>
    public override Percentage Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = Scalars.Text(ref reader);
        return
            text.EndsWith('%')
            && decimal.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var value
            )
            && value <= 100
            ? new Percentage(value)
            : throw new JsonException($"'{text}' is not a percentage such as 5% or 0.5%");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Percentage value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

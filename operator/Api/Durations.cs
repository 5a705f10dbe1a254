using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace EdgeRelease.Api;

/// <summary>Durations as people of Kubernetes write them: <c>90s</c>, <c>1h30m</c>, <c>1.5h</c>, <c>250ms</c>.</summary>
public static partial class Durations
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
    ];

    /// <summary>Reads a duration: one to four numbers of at most six digits (and six after the point), each with its
    /// unit h, m, s or ms.</summary>
    /// <param name="text">The text; null is refused.</param>
    /// <param name="duration">The duration, never negative; zero when refused.</param>
    /// <returns>Whether the text is a duration.</returns>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is null || !Patterns.Matches(Patterns.Duration, text))
        {
            return false;
        }

        var ticks = 0m;
        foreach (Match term in Term().Matches(text))
        {
            var unit = Array.Find(Units, unit => unit.Unit == term.Groups["unit"].Value).Ticks;
            ticks += decimal.Parse(term.Groups["number"].ValueSpan, CultureInfo.InvariantCulture) * unit;
        }

        duration = TimeSpan.FromTicks((long)ticks);
        return true;
    }

    /// <summary>Writes a duration with the fewest terms, largest unit first; what is below a millisecond is cut.</summary>
    /// <param name="duration">The duration, not negative.</param>
    /// <returns>The text, as <c>1h30m</c>; <c>0s</c> for zero.</returns>
    public static string Format(TimeSpan duration)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(duration, TimeSpan.Zero);
        var text = new StringBuilder();
        var rest = duration.Ticks;
        foreach (var (unit, ticks) in Units)
        {
            var (count, left) = Math.DivRem(rest, ticks);
            rest = left;
            if (count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"{count}{unit}");
            }
        }

        return text.Length == 0 ? "0s" : text.ToString();
    }

    // Linear, and the text is bounded: a limit of wall time would only break on a busy machine.
    [GeneratedRegex(
        "(?<number>[0-9]+([.][0-9]+)?)(?<unit>ms|s|m|h)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex Term();
}

/// <summary>Reads and writes durations in JSON; anything else is a JsonException that names the value.</summary>
public sealed class DurationConverter : JsonConverter<TimeSpan>
{
    /// <inheritdoc/>
    public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = Scalars.Text(ref reader);
        return Durations.TryParse(text, out var duration)
            ? duration
            : throw new JsonException($"'{text}' is not a duration such as 90s, 10m or 1h30m");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Durations.Format(value));
}

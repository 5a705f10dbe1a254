using System.Buffers;
using System.Globalization;

namespace EdgeRelease.Simulation;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>200ms</c>; up to ten years.</summary>
internal static class Durations
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("h", TimeSpan.FromHours(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)),
    ];

    /// <summary>Reads a duration.</summary>
    /// <exception cref="FormatException">The text is none, or it is too long.</exception>
    public static TimeSpan Parse(string text)
    {
        var seconds = 0.0;
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var digits = rest.IndexOfAnyExcept(Digits);
            if (digits < 1 || !TryUnit(rest[digits..], out var unit, out var length))
            {
                throw new FormatException($"'{text}' is not a duration as 1h30m or 1.5s");
            }

            seconds += length.TotalSeconds * Number(rest[..digits], text);
            rest = rest[(digits + unit)..];
        }

        return text.Length == 0 ? throw new FormatException("an empty text is not a duration")
            : seconds > Longest.TotalSeconds ? throw new FormatException($"'{text}' is longer than ten years")
            : TimeSpan.FromSeconds(seconds);
    }

    private static double Number(ReadOnlySpan<char> digits, string text) =>
        double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"'{text}' is not a duration as 1h30m or 1.5s");

    private static bool TryUnit(ReadOnlySpan<char> text, out int unit, out TimeSpan length)
    {
        foreach (var (name, one) in Units)
        {
            if (text.StartsWith(name, StringComparison.Ordinal))
            {
                (unit, length) = (name.Length, one);
                return true;
            }
        }

        (unit, length) = (0, default);
        return false;
    }
}

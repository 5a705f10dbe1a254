using System.Globalization;

namespace EdgeRelease.Observation;

/// <summary>A Losant object id: 24 hexadecimal digits, kept as a number so that 100,000 of them stay small.
/// Ordered as its lower-case text is. Source: Losant schema objectId.</summary>
/// <param name="Value">The 96-bit number that the digits spell.</param>
public readonly record struct DeviceId(UInt128 Value) : IComparable<DeviceId>
{
    /// <summary>Reads 24 hexadecimal digits of either case.</summary>
    /// <param name="text">The digits; anything else is refused.</param>
    /// <param name="id">The id, or the default when refused.</param>
    /// <returns>Whether <paramref name="text"/> is an object id.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out DeviceId id)
    {
        id = default;
        if (text.Length != 24)
        {
            return false;
        }

        if (!UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        id = new DeviceId(value);
        return true;
    }

    /// <summary>Reads 24 hexadecimal digits of either case.</summary>
    /// <param name="text">The digits.</param>
    /// <returns>The id.</returns>
    /// <exception cref="FormatException">The text is not an object id.</exception>
    public static DeviceId Parse(string text) =>
        TryParse(text, out var id) ? id : throw new FormatException($"'{text}' is not 24 hexadecimal digits");

    /// <inheritdoc/>
    public int CompareTo(DeviceId other) => Value.CompareTo(other.Value);

    /// <summary>The 24 lower-case hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x24", CultureInfo.InvariantCulture);

    /// <summary>Whether the left id comes first.</summary>
    public static bool operator <(DeviceId left, DeviceId right) => left.Value < right.Value;

    /// <summary>Whether the left id comes last.</summary>
    public static bool operator >(DeviceId left, DeviceId right) => left.Value > right.Value;

    /// <summary>Whether the left id comes first or is the same.</summary>
    public static bool operator <=(DeviceId left, DeviceId right) => left.Value <= right.Value;

    /// <summary>Whether the left id comes last or is the same.</summary>
    public static bool operator >=(DeviceId left, DeviceId right) => left.Value >= right.Value;
}

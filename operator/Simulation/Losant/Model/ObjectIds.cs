using System.Globalization;

namespace EdgeRelease.Simulation;

/// <summary>Makes Losant object ids: 24 lower-case hexadecimal digits, each larger than the one before.</summary>
internal sealed class ObjectIds(int seed)
{
    private readonly string prefix = "65a0" + ((uint)seed).ToString("x8", CultureInfo.InvariantCulture);
    private long last;

    /// <summary>The next id.</summary>
    public string Next() => prefix + (++last).ToString("x12", CultureInfo.InvariantCulture);

    /// <summary>Whether a text has the form of an object id, in either case.</summary>
    public static bool IsObjectId(ReadOnlySpan<char> text)
    {
        if (text.Length != 24)
        {
            return false;
        }

        foreach (var digit in text)
        {
            if (!char.IsAsciiHexDigit(digit))
            {
                return false;
            }
        }

        return true;
    }
}

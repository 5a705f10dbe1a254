using System.Globalization;

namespace EdgeRelease.Planning;

/// <summary>Text that is fit for a status: one line, bounded.</summary>
internal static class Line
{
    /// <summary>Characters of a condition's message and of the status's own.</summary>
    public const int Message = 1024;

    /// <summary>Characters of what a device reported.</summary>
    public const int Error = 256;

    /// <summary>A time as people read it, as <c>2026-11-22T09:10:00Z</c>.</summary>
    public static string Of(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The text trimmed, without control characters, cut to a number of characters.</summary>
    public static string Of(string text, int limit)
    {
        Span<char> line = stackalloc char[limit];
        var rest = Trimmed(text);
        var isCut = rest.Length > limit;
        if (isCut)
        {
            // Half of a surrogate pair is no text and would not survive JSON.
            rest = rest[..(char.IsHighSurrogate(rest[limit - 2]) ? limit - 2 : limit - 1)];
        }

        for (var index = 0; index < rest.Length; index++)
        {
            line[index] = char.IsControl(rest[index]) ? ' ' : rest[index];
        }

        var end = isCut ? "…" : "";
        return $"{line[..rest.Length]}{end}";
    }

    private static ReadOnlySpan<char> Trimmed(ReadOnlySpan<char> text)
    {
        var start = 0;
        while (start < text.Length && IsBlank(text[start]))
        {
            start++;
        }

        var end = text.Length;
        while (end > start && IsBlank(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private static bool IsBlank(char letter) => char.IsControl(letter) || char.IsWhiteSpace(letter);
}

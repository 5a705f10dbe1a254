namespace EdgeRelease.Losant;

/// <summary>Makes foreign text fit for a message.</summary>
internal static class OneLine
{
    /// <summary>The text with control and format characters as spaces, cut to a length.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="longest">The most characters.</param>
    /// <returns>The same object when nothing has to change.</returns>
    public static string Of(string text, int longest)
    {
        if (text.Length <= longest && !text.Any(IsUnfit))
        {
            return text;
        }

        var kept = text.Length > longest ? text[..longest] : text;
        return string.Create(
            kept.Length,
            kept,
            static (line, from) =>
            {
                for (var i = 0; i < line.Length; i++)
                {
                    line[i] = IsUnfit(from[i]) ? ' ' : from[i];
                }
            }
        );
    }

    private static bool IsUnfit(char c) =>
        char.GetUnicodeCategory(c)
            is System.Globalization.UnicodeCategory.Control
                or System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator
                or System.Globalization.UnicodeCategory.ParagraphSeparator
                or System.Globalization.UnicodeCategory.Surrogate;
}

namespace EdgeRelease.Planning;

/// <summary>Text that is fit for a status: one line, bounded.</summary>
internal static class Line
{
    /// <summary>Characters of a condition's message and of the status's own.</summary>
    public const int Message = 1024;

    /// <summary>Characters of what a device reported.</summary>
    public const int Error = 256;

    /// <summary>The text without control characters, cut to a number of characters with an ellipsis as the last.</summary>
    public static string Of(string text, int limit)
    {
        var clean = text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan().ContainsAnyInRange('\u007f', '\u009f')
            ? string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter))
            : text;
        clean = clean.Trim();
        if (clean.Length <= limit)
        {
            return clean;
        }

        // Half of a surrogate pair is no text and would not survive JSON.
        var end = char.IsHighSurrogate(clean[limit - 2]) ? limit - 2 : limit - 1;
        return clean[..end] + "…";
    }
}

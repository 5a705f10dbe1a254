using System.Text.RegularExpressions;

namespace EdgeRelease.Api;

/// <summary>Regular expressions of the schema, valid in RE2 and in .NET with the same meaning.</summary>
internal static class Patterns
{
    /// <summary>An object id of Losant.</summary>
    public const string ObjectId = "^[0-9a-fA-F]{24}$";

    /// <summary>A name within an object, as Kubernetes writes labels.</summary>
    public const string Label = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    /// <summary>0% to 100%.</summary>
    public const string Percent = "^(100|[1-9]?[0-9])%$";

    /// <summary>1% to 100%.</summary>
    public const string PositivePercent = "^(100|[1-9][0-9]?)%$";

    /// <summary>0.1% to 50%, with at most two decimals.</summary>
    public const string Tolerance = "^(0[.][1-9][0-9]?|([1-9]|[1-4][0-9])([.][0-9]{1,2})?|50([.]00?)?)%$";

    /// <summary>90% to 99.99%, with at most two decimals.</summary>
    public const string Confidence = "^9[0-9]([.][0-9]{1,2})?%$";

    /// <summary>A Go duration of hours, minutes, seconds and milliseconds.</summary>
    public const string Duration = "^([0-9]{1,6}([.][0-9]{1,6})?(ms|s|m|h)){1,4}$";

    /// <summary>A time of the day, 00:00 to 23:59.</summary>
    public const string Clock = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

    /// <summary>A name of the IANA time zone database; no path leads out of it.</summary>
    public const string TimeZone = "^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$";

    /// <summary>An instant of RFC 3339.</summary>
    public const string Time =
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,7})?(Z|[+-][0-9]{2}:[0-9]{2})$";

    /// <summary>Where Losant's API may be: https anywhere, http on this machine only.</summary>
    public const string ApiUrl =
        "^(https://([A-Za-z0-9.-]+|[[][0-9A-Fa-f:.]+[]])|http://(localhost|127[.]0[.]0[.]1|[[]::1[]]))(:[0-9]{1,5})?/?$";

    /// <summary>An absolute URL of http or https.</summary>
    public const string Web = "^https?://[^\\s/][^\\s]*$";

    /// <summary>Whether a whole text matches one of these patterns. .NET's <c>$</c> also stands before a final line
    /// break, RE2's does not: so the match must be as long as the text.</summary>
    /// <param name="pattern">The pattern, anchored at both ends.</param>
    /// <param name="text">The text.</param>
    public static bool Matches(string pattern, string text)
    {
        // The patterns are linear and texts are bounded; a limit of wall time would only break on a busy machine.
        var match = Regex.Match(text, pattern, RegexOptions.ExplicitCapture, Regex.InfiniteMatchTimeout);
        return match.Success && match.Length == text.Length;
    }
}

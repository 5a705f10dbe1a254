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

    /// <summary>A Go duration of hours, minutes, seconds and milliseconds.</summary>
    public const string Duration = "^([0-9]{1,6}([.][0-9]{1,6})?(ms|s|m|h)){1,4}$";

    /// <summary>Where Losant's API may be: https anywhere, http on this machine only.</summary>
    public const string ApiUrl =
        "^(https://([A-Za-z0-9.-]+|[[][0-9A-Fa-f:.]+[]])|http://(localhost|127[.]0[.]0[.]1|[[]::1[]]))(:[0-9]{1,5})?/?$";

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

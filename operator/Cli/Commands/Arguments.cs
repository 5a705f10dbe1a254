using System.CommandLine.Parsing;
using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Cli;

/// <summary>How values are read that are more than a word.</summary>
internal static class Arguments
{
    /// <summary>A duration as <c>90s</c>.</summary>
    public static TimeSpan Duration(ArgumentResult result, string text)
    {
        if (!Durations.TryParse(text, out var length))
        {
            result.AddError($"{text} is not a duration such as 90s, 30m or 24h");
        }

        return length;
    }

    /// <summary>The id of a device.</summary>
    /// <exception cref="CliException">The text is none.</exception>
    public static DeviceId Device(string text) =>
        DeviceId.TryParse(text, out var id)
            ? id
            : throw new CliException($"{text} is no device id: use the 24 hex digits that Losant shows");

    /// <summary>A share of 0 to 100 percent as <c>3%</c> or <c>3</c>; from 0 to 1.</summary>
    public static double Share(ArgumentResult result, string text)
    {
        var style = System.Globalization.NumberStyles.AllowDecimalPoint;
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        if (!double.TryParse(text.TrimEnd('%'), style, culture, out var percent) || percent > 100)
        {
            result.AddError($"{text} is not a share such as 3%");
        }

        return percent / 100;
    }
}

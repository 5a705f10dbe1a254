using System.Globalization;
using EdgeRelease.Api;

namespace EdgeRelease.Cli;

/// <summary>Texts that several views share.</summary>
internal static class Words
{
    private const int Column = 2;

    /// <summary>A text in lines of at most a width, all but the first indented.</summary>
    public static IEnumerable<string> Wrapped(string text, int width, int indent = Column)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Trim().Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line;
                line = new string(' ', indent) + word;
                continue;
            }

            line = line.Length == 0 ? word : $"{line} {word}";
        }

        yield return line;
    }

    /// <summary>A text of at most a width; a longer one ends in three dots.</summary>
    public static string Cut(string text, int width) => text.Length <= width ? text : text[..(width - 3)] + "...";

    /// <summary>A time as people read it: of another day than now with its date.</summary>
    public static string Clock(DateTimeOffset at, DateTimeOffset now) =>
        at.UtcDateTime.ToString(
            at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss" : "yyyy-MM-dd HH:mm",
            CultureInfo.InvariantCulture
        ) + " UTC";

    /// <summary>A length of time in its two largest units, as <c>1h20m</c>.</summary>
    public static string Length(TimeSpan length)
    {
        var whole = TimeSpan.FromSeconds(Math.Max(0, Math.Ceiling(length.TotalSeconds)));
        return whole switch
        {
            { TotalDays: >= 1 } => $"{(int)whole.TotalDays}d{whole.Hours}h",
            { TotalHours: >= 1 } => $"{(int)whole.TotalHours}h{whole.Minutes}m",
            { TotalMinutes: >= 1 } => $"{whole.Minutes}m{whole.Seconds}s",
            _ => $"{whole.Seconds}s",
        };
    }

    /// <summary>When something ends, and in how long.</summary>
    public static string Until(DateTimeOffset at, DateTimeOffset now) =>
        at > now ? $"until {Clock(at, now)}, in {Length(at - now)}" : $"until {Clock(at, now)}";

    /// <summary>A version's name as people read it.</summary>
    public static string Version(string? name) => name ?? "no version";

    /// <summary>What a phase means at a glance.</summary>
    public static Tone ToneOf(Phase? phase) =>
        phase switch
        {
            Phase.Complete or Phase.AtPercentage or Phase.Observing => Tone.Good,
            Phase.RollingBack or Phase.RolledBack or Phase.Blocked => Tone.Bad,
            Phase.Waiting or Phase.Paused => Tone.Waits,
            _ => Tone.Busy,
        };
}

/// <summary>A table with columns as wide as they must be.</summary>
internal static class Table
{
    /// <summary>The lines of a table; the last column is cut where the width ends.</summary>
    /// <param name="rows">The header and the rows, each with as many cells.</param>
    /// <param name="width">Columns of the screen; null for no limit.</param>
    public static IEnumerable<Line> Lines(IReadOnlyList<IReadOnlyList<string>> rows, int? width)
    {
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
        {
            var text = string.Concat(row.Select((cell, column) => cell.PadRight(widths[column] + 3))).TrimEnd();
            yield return new Line(width is { } most ? Words.Cut(text, most) : text);
        }
    }
}

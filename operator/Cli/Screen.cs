namespace EdgeRelease.Cli;

/// <summary>Where a command writes to, and what that can show.</summary>
/// <param name="Out">What was asked for.</param>
/// <param name="Error">What went wrong.</param>
internal sealed record Screen(TextWriter Out, TextWriter Error)
{
    /// <summary>Whether <see cref="Out"/> is a terminal, so that it can be drawn anew.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>Whether tones are shown as colours.</summary>
    public bool HasColor { get; init; }

    /// <summary>Columns. Default 80.</summary>
    public int Width { get; init; } = 80;

    /// <summary>Lines. Default 24.</summary>
    public int Height { get; init; } = 24;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The program's own terminal. Colours are off when the variable NO_COLOR is set to anything.</summary>
    public static Screen OfConsole()
    {
        var isTerminal = !Console.IsOutputRedirected;
        var (width, height) = isTerminal ? (Console.WindowWidth, Console.WindowHeight) : (0, 0);
        return new Screen(Console.Out, Console.Error)
        {
            IsTerminal = isTerminal,
            HasColor = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")),
            Width = width >= 40 ? width : 80,
            Height = height >= 5 ? height : 24,
        };
    }

    /// <summary>Writes lines.</summary>
    public void Write(IEnumerable<Line> lines)
    {
        foreach (var line in lines)
        {
            Out.WriteLine(Painted(line));
        }

        Out.Flush();
    }

    /// <summary>Writes one line.</summary>
    public void Write(string line) => Write([new Line(line)]);

    /// <summary>A line with the colour of its tone.</summary>
    public string Painted(Line line) =>
        HasColor && line.Tone != Tone.Plain ? $"\e[{(int)line.Tone}m{line.Text}\e[0m" : line.Text;
}

/// <summary>One line of a view.</summary>
/// <param name="Text">Its text, without colours.</param>
/// <param name="Tone">What it means.</param>
internal sealed record Line(string Text, Tone Tone = Tone.Plain);

/// <summary>What a line means; the number is the ANSI colour.</summary>
internal enum Tone
{
    /// <summary>Nothing special.</summary>
    Plain = 0,

    /// <summary>Trouble.</summary>
    Bad = 31,

    /// <summary>Done, well.</summary>
    Good = 32,

    /// <summary>Somebody or something is waited for.</summary>
    Waits = 33,

    /// <summary>Under way.</summary>
    Busy = 36,
}

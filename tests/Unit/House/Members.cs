using System.Text.RegularExpressions;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>A member with a body in braces.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Declaration">Its first line.</param>
/// <param name="Length">Lines between its braces, empty ones not counted.</param>
internal sealed record Member(string Path, string Declaration, int Length)
{
    public override string ToString() => $"{Path}: {Declaration} has {Length} lines";
}

/// <summary>Finds members by their braces, which the formatter puts on lines of their own.</summary>
internal static partial class Members
{
    /// <summary>The members of a file; bodies within a member count as its lines.</summary>
    public static IReadOnlyList<Member> Of(string path)
    {
        var lines = Tree.Lines(path);
        var found = new List<Member>();
        var open = new Stack<(int Line, string Indent, string Declaration, bool IsType)>();
        for (var i = 0; i < lines.Length; i++)
        {
            var indent = Indent(lines[i]);
            if (lines[i].Trim() == "{")
            {
                var declaration = Declaration(lines, i);
                open.Push((i, indent, declaration, Type().IsMatch(declaration)));
            }
            else if (open.TryPeek(out var top) && indent == top.Indent && lines[i].TrimStart().StartsWith('}'))
            {
                open.Pop();
                if (!top.IsType && open.TryPeek(out var outer) && outer.IsType)
                {
                    found.Add(
                        new Member(
                            path,
                            top.Declaration.Trim(),
                            lines[(top.Line + 1)..i].Count(line => line.Length > 0)
                        )
                    );
                }
            }
        }

        return open.Count == 0
            ? found
            : throw new InvalidOperationException($"{path}:{open.Peek().Line + 1} is not closed");
    }

    /// <summary>The nearest line above with the same indent that begins something.</summary>
    private static string Declaration(string[] lines, int brace)
    {
        var indent = Indent(lines[brace]);
        var line = brace - 1;
        while (
            line > 0
            && !(
                Indent(lines[line]) == indent
                && lines[line].Length > indent.Length
                && !")]}:".Contains(lines[line][indent.Length])
            )
        )
        {
            line--;
        }

        return lines[line];
    }

    private static string Indent(string line) => line[..^line.TrimStart().Length];

    [GeneratedRegex(
        @"^\s*[a-z ]*\b(class|record|struct|interface|enum) ",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex Type();
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeRelease.Api;

/// <summary>Writes JSON as block YAML, always the same for the same input: two blanks a level, long texts folded at
/// 100 columns, members in their order.</summary>
public static partial class YamlText
{
    private const int Width = 100;
    private static readonly string[] Words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"];

    /// <summary>The YAML of an object, with a final line break.</summary>
    /// <param name="root">The object.</param>
    public static string Of(JsonObject root)
    {
        var text = new StringBuilder();
        WriteMembers(text, root, 0);
        return text.ToString();
    }

    private static void WriteMembers(StringBuilder text, JsonObject members, int indent)
    {
        foreach (var (name, value) in members)
        {
            Indent(text, indent).Append(Scalar(name)).Append(':');
            WriteValue(text, value, indent + 2, sequenceIndent: indent);
        }
    }

    private static void WriteItems(StringBuilder text, JsonArray items, int indent)
    {
        foreach (var item in items)
        {
            Indent(text, indent).Append('-');
            if (item is JsonObject { Count: > 0 } members)
            {
                var inner = new StringBuilder();
                WriteMembers(inner, members, indent + 2);
                text.Append(' ').Append(inner.ToString(), indent + 2, inner.Length - indent - 2);
                continue;
            }

            WriteValue(text, item, indent + 2, indent + 2);
        }
    }

    private static void WriteValue(StringBuilder text, JsonNode? value, int indent, int sequenceIndent)
    {
        switch (value)
        {
            case JsonObject { Count: > 0 } members:
                text.Append('\n');
                WriteMembers(text, members, indent);
                break;
            case JsonArray { Count: > 0 } items:
                text.Append('\n');
                WriteItems(text, items, sequenceIndent);
                break;
            case JsonObject:
                text.Append(" {}\n");
                break;
            case JsonArray:
                text.Append(" []\n");
                break;
            case JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String:
                WriteText(text, scalar.GetValue<string>(), indent);
                break;
            default:
                text.Append(CultureInfo.InvariantCulture, $" {value?.ToJsonString() ?? "null"}\n");
                break;
        }
    }

    private static void WriteText(StringBuilder text, string value, int indent)
    {
        if (indent + value.Length <= Width || !Foldable().IsMatch(value))
        {
            text.Append(' ').Append(Scalar(value)).Append('\n');
            return;
        }

        text.Append(" >-");
        var column = Width;
        foreach (var word in value.Split(' '))
        {
            if (column + 1 + word.Length > Width)
            {
                Indent(text.Append('\n'), indent).Append(word);
                column = indent + word.Length;
                continue;
            }

            text.Append(' ').Append(word);
            column += 1 + word.Length;
        }

        text.Append('\n');
    }

    private static string Scalar(string value) =>
        Plain().IsMatch(value) && !Words.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? value
            : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static StringBuilder Indent(StringBuilder text, int indent) => text.Append(' ', indent);

    // Printable ASCII in single-blank words: nothing that folding changes. Linear, as all patterns here: a limit of
    // wall time would only break on a busy machine.
    [GeneratedRegex("^[!-~]+( [!-~]+)*$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Foldable();

    // Nothing that YAML reads as a number, an indicator or a comment.
    [GeneratedRegex(
        "^[A-Za-z$./][A-Za-z0-9_$./()',;%-]*( [A-Za-z0-9_$./()',;%-]+)*$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: Timeout.Infinite
    )]
    private static partial Regex Plain();
}

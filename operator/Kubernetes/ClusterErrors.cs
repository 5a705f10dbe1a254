using System.Text;
using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>Makes every <see cref="ClusterException"/> of the client: one line, at most 256 characters of the
/// server's own words, no secrets.</summary>
internal static class ClusterErrors
{
    private const int LongestCause = 256;

    /// <summary>The server answered with an error.</summary>
    public static ClusterException Refused(string words, ClusterAnswer answer)
    {
        var said = Json(answer) is { } status ? ResourceJson.Text(status, "message") : null;
        return Refused(words, answer.Status, said);
    }

    /// <summary>The server answered with an error and a message.</summary>
    public static ClusterException Refused(string words, int status, string? said) =>
        new(status, $"cannot {Cleaned(words)}: {(string.IsNullOrEmpty(said) ? $"HTTP {status}" : Cleaned(said))}");

    /// <summary>There was no answer.</summary>
    public static ClusterException Unanswered(string words, TimeSpan patience, Exception inner)
    {
        var cause = inner switch
        {
            HttpRequestException { HttpRequestError: var error } => $"no answer ({error})",
            OperationCanceledException => $"no answer within {patience.TotalSeconds} s",
            _ => $"no answer ({inner.GetType().Name})",
        };
        return new ClusterException(0, $"cannot {Cleaned(words)}: {cause}", inner);
    }

    /// <summary>The answer is no JSON object or too large.</summary>
    public static ClusterException Unreadable(string words, Exception? inner = null) =>
        new(0, $"cannot {Cleaned(words)}: unreadable answer", inner);

    /// <summary>The body as a JSON object; null when it is none.</summary>
    public static JsonElement? Json(ClusterAnswer answer)
    {
        try
        {
            var root = JsonElement.Parse(answer.Body.Span);
            return root.ValueKind == JsonValueKind.Object ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>One line of printable characters, at most 256.</summary>
    public static string Cleaned(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, LongestCause));
        foreach (var character in text)
        {
            if (line.Length == LongestCause)
            {
                return line.Append('…').ToString();
            }
            line.Append(char.IsControl(character) || character is '\u2028' or '\u2029' ? ' ' : character);
        }
        return line.ToString().TrimEnd();
    }
}

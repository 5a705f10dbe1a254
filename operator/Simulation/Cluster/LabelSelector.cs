using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>An equality selector as <c>key=value,key2=value2</c>.</summary>
internal sealed class LabelSelector
{
    private readonly (string Key, string Value)[] _terms;

    private LabelSelector((string Key, string Value)[] terms) => _terms = terms;

    /// <summary>Reads a selector.</summary>
    /// <param name="text">Its text; null selects everything.</param>
    /// <exception cref="Kubernetes.ClusterException">400: it is none.</exception>
    public static LabelSelector Parse(string? text) =>
        new([.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Term)]);

    /// <summary>Whether an object has all the labels.</summary>
    /// <param name="item">The object.</param>
    public bool Selects(JsonElement item)
    {
        if (_terms.Length == 0)
        {
            return true;
        }

        return item.GetProperty("metadata").TryGetProperty("labels", out var labels)
            && Array.TrueForAll(
                _terms,
                term => labels.TryGetProperty(term.Key, out var value) && value.ValueEquals(term.Value)
            );
    }

    private static (string Key, string Value) Term(string text)
    {
        var parts = text.Split('=', 2);
        return parts.Length == 2 && parts[0].Length > 0
            ? (parts[0].Trim(), parts[1].TrimStart('=').Trim())
            : throw Refusal.Invalid($"unable to parse label selector '{text}'");
    }
}

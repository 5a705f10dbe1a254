using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads which custom nodes a version's nodes run. Source: Losant's guide to custom nodes, CustomNodeExecuteNode.
/// Losant's schemas leave nodes open and nothing depends on them: what has another shape is passed over.</summary>
internal static class CustomNodeReader
{
    /// <summary>The custom nodes of the member nodes, each once, in their order.</summary>
    /// <param name="json">At the member's name.</param>
    /// <param name="words">Texts that occur often.</param>
    public static IReadOnlyList<CustomNodeUse> Read(ref Utf8JsonReader json, Words words)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return [];
        }

        var found = new List<CustomNodeUse>();
        while (json.NextElement())
        {
            if (json.TokenType != JsonTokenType.StartObject)
            {
                json.Skip();
            }
            else if (Node(ref json, words) is { } use && !found.Contains(use))
            {
                found.Add(use);
            }
        }

        IReadOnlyList<CustomNodeUse> none = [];
        return found.Count == 0 ? none : found;
    }

    private static CustomNodeUse? Node(ref Utf8JsonReader json, Words words)
    {
        string? type = null;
        (string? Flow, string? Version) config = default;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("type"u8))
            {
                type = TextOrNothing(ref json, words);
            }
            else if (json.ValueTextEquals("config"u8))
            {
                config = Config(ref json, words);
            }
            else
            {
                json.Pass();
            }
        }

        return
            type == "CustomNodeExecuteNode"
            && config is ({ } flow, { Length: > 0 } version)
            && DeviceId.TryParse(flow, out var id)
            ? new CustomNodeUse(id.ToString(), version)
            : null;
    }

    private static (string? Flow, string? Version) Config(ref Utf8JsonReader json, Words words)
    {
        (string? Flow, string? Version) read = default;
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return read;
        }

        while (json.NextMember())
        {
            if (json.ValueTextEquals("customNodeId"u8))
            {
                read.Flow = TextOrNothing(ref json, words);
            }
            else if (json.ValueTextEquals("customNodeVersion"u8))
            {
                read.Version = TextOrNothing(ref json, words);
            }
            else
            {
                json.Pass();
            }
        }

        return read;
    }

    private static string? TextOrNothing(ref Utf8JsonReader json, Words words)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.String)
        {
            return words.TextOf(ref json);
        }

        json.Skip();
        return null;
    }
}

using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads the few members of applications, flows and versions that a release needs. Source: Losant schemas
/// application, flow and flowVersion.</summary>
internal static class FlowReader
{
    /// <summary>An application.</summary>
    public static LosantApplicationRow Application(ReadOnlySpan<byte> body, Words words)
    {
        var row = Single(body, words);
        return new LosantApplicationRow(row.Id.ToString(), row.Name);
    }

    /// <summary>A flow that is an answer of its own.</summary>
    public static FlowRow Flow(ReadOnlySpan<byte> body, Words words) => FlowOf(Single(body, words));

    /// <summary>A flow on a page.</summary>
    public static DeviceId Flow(ref Utf8JsonReader json, Words words, out FlowRow row)
    {
        var named = Members(ref json, words);
        row = FlowOf(named);
        return named.Id;
    }

    /// <summary>A version on a page.</summary>
    public static DeviceId Version(ref Utf8JsonReader json, Words words, out FlowVersionRow row)
    {
        var named = Members(ref json, words);
        var version = named.Version ?? throw new UnreadableException("a version has no name");
        row = new FlowVersionRow(named.Id.ToString(), version, named.MinimumAgentVersion)
        {
            CustomNodes = named.CustomNodes ?? [],
        };
        return named.Id;
    }

    private static FlowRow FlowOf(Named row) =>
        row is { Name: { } name, FlowClass: { } flowClass }
            ? new FlowRow(row.Id.ToString(), name, flowClass)
            : throw new UnreadableException("a flow has no name or no class");

    private static Named Single(ReadOnlySpan<byte> body, Words words)
    {
        var json = new Utf8JsonReader(body, Json.Bounds);
        json.Read();
        json.RequireObject();
        lock (words)
        {
            var row = Members(ref json, words);
            json.Read();
            return row;
        }
    }

    private static Named Members(ref Utf8JsonReader json, Words words)
    {
        DeviceId? id = null;
        var row = default(Named);
        while (json.NextMember())
        {
            if (json.ValueTextEquals("id"u8))
            {
                id = json.Id();
            }
            else if (json.ValueTextEquals("name"u8))
            {
                row = row with { Name = json.Text(words) };
            }
            else if (json.ValueTextEquals("flowClass"u8))
            {
                row = row with { FlowClass = json.Text(words) };
            }
            else if (json.ValueTextEquals("version"u8))
            {
                row = row with { Version = json.Text(words) };
            }
            else if (json.ValueTextEquals("minimumAgentVersion"u8))
            {
                row = row with { MinimumAgentVersion = json.Text(words) };
            }
            else if (json.ValueTextEquals("nodes"u8))
            {
                row = row with { CustomNodes = CustomNodeReader.Read(ref json, words) };
            }
            else
            {
                json.Pass();
            }
        }

        return row with
        {
            Id = id ?? throw new UnreadableException("an answer has no id"),
        };
    }

    private readonly record struct Named(
        DeviceId Id,
        string? Name,
        string? FlowClass,
        string? Version,
        string? MinimumAgentVersion,
        IReadOnlyList<CustomNodeUse>? CustomNodes
    );
}

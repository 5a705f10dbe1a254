using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The reads of a flow's versions. Source: Losant schema flowVersion; triggers are empty, nodes are the custom nodes that
/// it runs.</summary>
internal static class VersionReads
{
    private static readonly AdvancedQuery<SimulatedVersion> Queries = new(Field);

    public static Answer List(Call call) =>
        call.Application.FindFlow(call.Path("flowId")) is { } flow
            ? Page.Of(
                call,
                new Collection<SimulatedVersion>(
                    "flowVersions",
                    "version",
                    sortField => Sorted(Matching(call, flow), sortField),
                    (writer, version) => Write(writer, call, flow, version)
                )
            )
            : Answer.NotFound("Flow");

    public static Answer Get(Call call) =>
        call.Application.FindFlow(call.Path("flowId")) is not { } flow ? Answer.NotFound("Flow")
        : flow.FindVersionByIdOrName(call.Path("flowVersionId")) is not { } version ? Answer.NotFound("Flow Version")
        : new Answer(200, JsonText.Write(writer => Write(writer, call, flow, version)));

    private static IEnumerable<SimulatedVersion> Matching(Call call, SimulatedFlow flow)
    {
        if (call.Query.Has("query"))
        {
            var query = Array.Find(call.Route.Parameters, one => one.IsJson)!.Parsed(call.Query)!.Value;
            return flow.Versions.Where(version => Queries.Compile(query)(version));
        }

        var name = NameFilter.Of(call);
        return flow.Versions.Where(version => name(version.Name));
    }

    private static List<SimulatedVersion> Sorted(IEnumerable<SimulatedVersion> versions, string sortField) =>
        sortField switch
        {
            "version" => [.. versions.OrderBy(version => version.Name, StringComparer.Ordinal)],
            "creationDate" => [.. versions.OrderBy(version => version.CreatedAt)],
            "lastUpdated" => [.. versions.OrderBy(version => version.LastUpdated)],
            _ => [.. versions],
        };

    private static object? Field(SimulatedVersion version, string name) =>
        name switch
        {
            "id" => version.Id,
            "version" => version.Name,
            "enabled" => true,
            "creationDate" => version.CreatedAt,
            "lastUpdated" => version.LastUpdated,
            _ => null,
        };

    private static void Write(Utf8JsonWriter writer, Call call, SimulatedFlow flow, SimulatedVersion version)
    {
        writer.WriteStartObject();
        writer.WriteString("id", version.Id);
        writer.WriteString("flowVersionId", version.Id);
        writer.WriteString("flowId", flow.Id);
        writer.WriteString("applicationId", call.Application.Id);
        writer.WriteTime("creationDate", version.CreatedAt);
        writer.WriteTime("lastUpdated", version.LastUpdated);
        writer.WriteString("createdByType", "user");
        writer.WriteString("createdById", call.Losant.PersonId);
        writer.WriteString("version", version.Name);
        writer.WriteString("flowClass", flow.FlowClass);
        writer.WriteBoolean("enabled", true);
        writer.WriteOptional("minimumAgentVersion", version.MinimumAgentVersion);
        writer.WriteStartArray("triggers");
        writer.WriteEndArray();
        WriteNodes(writer, version);
        writer.WriteString("_type", "flowVersion");
        Links.OfItem(writer, call, $"flows/{flow.Id}/versions/{version.Id}");
        writer.WriteEndObject();
    }

    private static void WriteNodes(Utf8JsonWriter writer, SimulatedVersion version)
    {
        writer.WriteStartArray("nodes");
        foreach (var (node, used) in version.CustomNodes)
        {
            writer.WriteStartObject();
            writer.WriteString("id", node.Name);
            writer.WriteStartObject("config");
            writer.WriteString("customNodeId", node.Id);
            writer.WriteString("customNodeVersion", used);
            writer.WriteEndObject();
            writer.WriteString("type", "CustomNodeExecuteNode");
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}

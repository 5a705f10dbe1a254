using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The reads of flows. Source: Losant schema flow; triggers and nodes are empty.</summary>
internal static class FlowReads
{
    private static readonly AdvancedQuery<SimulatedFlow> Queries = new(Field);

    public static Answer List(Call call) =>
        Page.Of(
            call,
            new Collection<SimulatedFlow>(
                "flows",
                "name",
                sortField => Sorted(Matching(call), sortField),
                (writer, flow) => Write(writer, call, flow)
            )
        );

    public static Answer Get(Call call) =>
        call.Application.FindFlow(call.Path("flowId")) is { } flow
            ? new Answer(200, JsonText.Write(writer => Write(writer, call, flow)))
            : Answer.NotFound("Flow");

    private static IEnumerable<SimulatedFlow> Matching(Call call)
    {
        if (call.Query.Has("query"))
        {
            var query = Array.Find(call.Route.Parameters, one => one.IsJson)!.Parsed(call.Query)!.Value;
            return call.Application.Flows.Where(flow => Queries.Compile(query)(flow));
        }

        var name = NameFilter.Of(call);
        var flowClass = call.Query.Text("flowClass") ?? "cloud";
        return call.Application.Flows.Where(flow => flow.FlowClass == flowClass && name(flow.Name));
    }

    private static List<SimulatedFlow> Sorted(IEnumerable<SimulatedFlow> flows, string sortField) =>
        sortField switch
        {
            "name" => [.. flows.OrderBy(flow => flow.Name, StringComparer.Ordinal)],
            "id" => [.. flows],
            _ => [.. flows.OrderBy(flow => flow.CreatedAt)],
        };

    private static object? Field(SimulatedFlow flow, string name) =>
        name switch
        {
            "id" => flow.Id,
            "name" => flow.Name,
            "flowClass" => flow.FlowClass,
            "enabled" => true,
            "creationDate" or "lastUpdated" => flow.CreatedAt,
            _ => null,
        };

    private static void Write(Utf8JsonWriter writer, Call call, SimulatedFlow flow)
    {
        writer.WriteStartObject();
        writer.WriteString("id", flow.Id);
        writer.WriteString("flowId", flow.Id);
        writer.WriteString("applicationId", call.Application.Id);
        writer.WriteTime("creationDate", flow.CreatedAt);
        writer.WriteTime("lastUpdated", flow.CreatedAt);
        writer.WriteString("name", flow.Name);
        writer.WriteBoolean("enabled", true);
        writer.WriteString("flowClass", flow.FlowClass);
        writer.WriteStartArray("triggers");
        writer.WriteEndArray();
        writer.WriteStartArray("nodes");
        writer.WriteEndArray();
        writer.WriteString("_type", "flow");
        Links.OfItem(writer, call, $"flows/{flow.Id}");
        writer.WriteEndObject();
    }
}

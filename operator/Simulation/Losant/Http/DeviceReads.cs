using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>A device as one reader sees it.</summary>
internal readonly record struct SeenDevice(SimulatedDevice Device, DeviceState State);

/// <summary>The reads of devices.</summary>
internal static class DeviceReads
{
    private static readonly AdvancedQuery<SeenDevice> Queries = new(Field);

    public static Answer List(Call call) =>
        Page.Of(
            call,
            new Collection<SeenDevice>(
                "devices",
                "name",
                sortField => call.Application.Listings.Of(call, Key(call, sortField), () => Matching(call, sortField)),
                (writer, seen) => DeviceJson.Write(writer, call, seen)
            )
        );

    public static Answer Get(Call call)
    {
        var device = call.Application.FindDevice(call.Path("deviceId"));
        return device?.SeenAt(call.ReadAt) is { DeletedAt: null } state
            ? new Answer(200, JsonText.Write(writer => DeviceJson.Write(writer, call, new SeenDevice(device, state))))
            : Answer.NotFound("Device");
    }

    private static string Key(Call call, string sortField) =>
        $"devices {sortField} {call.Query.Text("query")} {call.Query.Text("queryDeleted")} "
        + $"{call.Query.Text("filterField")} {call.Query.Text("filter")} "
        + $"{call.Query.Json("deviceClass")} {call.Query.Json("tagFilter")}";

    private static List<SeenDevice> Matching(Call call, string sortField)
    {
        var fits = Filter(call);
        var deleted = call.Query.Text("queryDeleted") == "true";
        var seen = new List<SeenDevice>();
        foreach (var device in call.Application.Devices)
        {
            if (device.SeenAt(call.ReadAt) is not { } state || state.DeletedAt is null == deleted)
            {
                continue;
            }

            var candidate = new SeenDevice(device, state);
            if (fits(candidate))
            {
                seen.Add(candidate);
            }
        }

        return sortField == "id" ? seen : [.. Sorted(seen, sortField)];
    }

    private static IEnumerable<SeenDevice> Sorted(List<SeenDevice> seen, string sortField) =>
        sortField is "name" or "connectionStatus"
            ? seen.OrderBy(device => (string?)Field(device, sortField), StringComparer.Ordinal)
            : seen.OrderBy(device => (DateTimeOffset?)Field(device, sortField));

    /// <summary>An advanced query overrides the plain filters.</summary>
    private static Predicate<SeenDevice> Filter(Call call)
    {
        if (call.Query.Has("query"))
        {
            return Queries.Compile(Array.Find(call.Route.Parameters, one => one.IsJson)!.Parsed(call.Query)!.Value);
        }

        var name = NameFilter.Of(call);
        var classes = Classes(call.Query.Json("deviceClass"));
        var tags = TagConditions.Of(call.Query.Json("tagFilter"), call.Unknowns.TagFilter);
        return seen =>
            name(seen.State.Name) && (classes?.Contains(seen.Device.DeviceClass) ?? true) && tags(seen.State.Tags);
    }

    private static HashSet<string>? Classes(JsonElement? value) =>
        value is not { } classes ? null
        : classes.ValueKind == JsonValueKind.String ? [classes.GetString()!]
        : [.. classes.EnumerateArray().Select(one => one.GetString()!)];

    private static object? Field(SeenDevice seen, string name) =>
        name switch
        {
            "id" => seen.Device.Id,
            "name" => seen.State.Name,
            "deviceClass" => seen.Device.DeviceClass,
            "tags" => seen.State.Tags,
            "creationDate" => seen.Device.CreatedAt,
            "lastUpdated" => seen.State.LastUpdated,
            "deletedAt" => seen.State.DeletedAt,
            "connectedAt" => seen.State.ConnectedAt,
            "disconnectedAt" => seen.State.DisconnectedAt,
            "connectionStatus" => seen.State.ConnectionStatus,
            _ => null,
        };
}

namespace EdgeRelease.Simulation;

/// <summary>A bundle as one reader sees it.</summary>
internal readonly record struct SeenBundle(SimulatedBundle Bundle, BundleState State);

/// <summary>The reads of embedded deployments.</summary>
internal static class BundleReads
{
    public static Answer List(Call call) =>
        call.Query.Text("deviceId") is { } id && call.Application.FindDevice(id) is not { DeletedAt: null }
            ? Answer.NotFound("Device")
            : Page.Of(
                call,
                new Collection<SeenBundle>(
                    "embeddedDeployments",
                    "lastUpdated",
                    sortField =>
                        call.Application.Listings.Of(call, Key(call, sortField), () => Matching(call, sortField)),
                    (writer, seen) => BundleJson.Write(writer, call, seen)
                )
                {
                    DefaultPerPage = 1000,
                    IsDescending = true,
                }
            );

    public static Answer Get(Call call)
    {
        var bundle = call.Application.FindBundle(call.Path("embeddedDeploymentId"));
        return bundle is not null && Seen(call, bundle) is { } state
            ? new Answer(200, JsonText.Write(writer => BundleJson.Write(writer, call, new SeenBundle(bundle, state))))
            : Answer.NotFound("Embedded Deployment");
    }

    private static string Key(Call call, string sortField) =>
        $"bundles {sortField} {call.Query.Text("flowId")} {call.Query.Text("deviceId")} {call.Query.Text("version")}";

    /// <summary>The bundle's state for the reader; null when it is not to be seen.</summary>
    private static BundleState? Seen(Call call, SimulatedBundle bundle) =>
        bundle.SeenAt(call.ReadAt) is not { } state ? null
        : call.Unknowns.ListsRowsOfDeletedDevices || bundle.Device.SeenAt(call.ReadAt) is { DeletedAt: null } ? state
        : null;

    private static List<SeenBundle> Matching(Call call, string sortField)
    {
        var flowId = call.Query.Text("flowId");
        var deviceId = call.Query.Text("deviceId");
        var version = call.Query.Text("version");
        var bundles = new List<SeenBundle>();
        foreach (var bundle in call.Application.BundleRows)
        {
            if (
                DeploymentReads.Fits(deviceId, bundle.Device.Id)
                && Seen(call, bundle) is { } state
                && (flowId is null || state.Flows.Any(flow => DeploymentReads.Fits(flowId, flow.Flow.Id)))
                && (version is null || state.Flows.Any(flow => flow.Current == version || flow.Desired == version))
            )
            {
                bundles.Add(new SeenBundle(bundle, state));
            }
        }

        return sortField switch
        {
            "id" => bundles,
            "creationDate" => [.. bundles.OrderBy(seen => seen.Bundle.CreatedAt)],
            _ => [.. bundles.OrderBy(seen => seen.State.LastUpdated)],
        };
    }
}

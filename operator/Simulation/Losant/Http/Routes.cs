using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The actions that are simulated. Source: Losant's apiInfo, API 1.30.</summary>
internal static class Routes
{
    /// <summary>The most characters of a path segment. Source: Losant's framework; the production value is
    /// unknown.</summary>
    private const int MostSegmentLength = 100;

    private const string Application = "applications/{applicationId}";

    private static readonly Parameter[] Paging =
    [
        Enumeration("sortDirection", "asc", "desc"),
        new Parameter("page"),
        new Parameter("perPage"),
    ];

    private static readonly Route[] All =
    [
        Reads("application.get", Application, ApplicationReads.Get),
        Reads("devices.get", Application + "/devices", DeviceReads.List) with
        {
            Parameters =
            [
                Enumeration("sortField", "name", "id", "creationDate", "lastUpdated", "connectionStatus", "deletedAt"),
                .. Paging,
                Enumeration("filterField", "name"),
                new Parameter("filter"),
                new Parameter("deviceClass", Shapes.DeviceClasses),
                new Parameter("tagFilter", Shapes.Tags),
                new Parameter("query", QueryShapes.Device, IsJson: true),
            ],
        },
        Reads("device.get", Application + "/devices/{deviceId}", DeviceReads.Get),
        Reads("flows.get", Application + "/flows", FlowReads.List) with
        {
            Parameters =
            [
                Enumeration("sortField", "name", "id", "creationDate", "lastUpdated"),
                .. Paging,
                Enumeration("filterField", "name"),
                new Parameter("filter"),
                Enumeration("flowClass", "edge", "embedded", "cloud", "customNode", "experience"),
                new Parameter("query", QueryShapes.Flow, IsJson: true),
            ],
        },
        Reads("flow.get", Application + "/flows/{flowId}", FlowReads.Get),
        Reads("flowVersions.get", Application + "/flows/{flowId}/versions", VersionReads.List) with
        {
            Parameters =
            [
                Enumeration("sortField", "version", "id", "creationDate", "lastUpdated"),
                .. Paging,
                Enumeration("filterField", "version"),
                new Parameter("filter"),
                new Parameter("query", QueryShapes.Version, IsJson: true),
            ],
        },
        Reads("flowVersion.get", Application + "/flows/{flowId}/versions/{flowVersionId}", VersionReads.Get),
        Reads("edgeDeployments.get", Application + "/edge/deployments", DeploymentReads.List) with
        {
            Parameters =
            [
                Enumeration(
                    "sortField",
                    "id",
                    "deviceId",
                    "flowId",
                    "desiredVersion",
                    "currentVersion",
                    "creationDate",
                    "lastUpdated"
                ),
                .. Paging,
                new Parameter("deviceId", Shape.ObjectId),
                new Parameter("version"),
                new Parameter("flowId", Shape.ObjectId),
            ],
        },
        Reads("edgeDeployment.get", Application + "/edge/deployments/{edgeDeploymentId}", DeploymentReads.Get),
        Writes(DeploymentKind.Edge, "release", DeploymentWrites.Release, Shapes.Release),
        Writes(DeploymentKind.Edge, "remove", DeploymentWrites.Remove, Shapes.Remove),
        Writes(DeploymentKind.Edge, "replace", DeploymentWrites.Replace, Shapes.Replace),
        .. OfBundles(),
    ];

    /// <summary>The action of a request and the values in its path; null when there is none.</summary>
    public static (Route Route, Dictionary<string, string> Path)? Find(SimulatedRequest request)
    {
        var path = request.Path.Trim('/').Split('/');
        if (Array.Exists(path, segment => segment.Length is 0 or > MostSegmentLength))
        {
            return null;
        }

        foreach (var route in All)
        {
            if (route.Match(request.Method, path) is { } values)
            {
                return (route, values);
            }
        }

        return null;
    }

    private static Route Reads(string name, string template, Func<Call, Answer> act) => new(name, "GET", template, act);

    private static Route Writes(DeploymentKind kind, string verb, Func<Call, DeploymentKind, Answer> act, Shape body) =>
        new(
            $"{kind.Name}Deployments.{verb}",
            "POST",
            $"{Application}/{kind.Name}/deployments/{verb}",
            call => act(call, kind)
        )
        {
            Body = body,
        };

    private static Route[] OfBundles() =>
        [
            Reads("embeddedDeployments.get", Application + "/embedded/deployments", BundleReads.List) with
            {
                Parameters =
                [
                    Enumeration("sortField", "id", "creationDate", "lastUpdated"),
                    .. Paging,
                    new Parameter("deviceId", Shape.ObjectId),
                    new Parameter("version"),
                    new Parameter("flowId", Shape.ObjectId),
                ],
            },
            Reads(
                "embeddedDeployment.get",
                Application + "/embedded/deployments/{embeddedDeploymentId}",
                BundleReads.Get
            ),
            Writes(DeploymentKind.Embedded, "release", DeploymentWrites.Release, Shapes.ReleaseOfBundles),
            Writes(DeploymentKind.Embedded, "remove", DeploymentWrites.Remove, Shapes.Remove),
            Writes(DeploymentKind.Embedded, "replace", DeploymentWrites.Replace, Shapes.Replace),
            new(
                "embeddedDeployments.export",
                "POST",
                Application + "/embedded/deployments/export",
                BundleExports.Export
            )
            {
                Body = Shapes.Export,
                BodyName = "options",
                IsBodyOptional = true,
            },
        ];

    private static Parameter Enumeration(string name, params string[] values) =>
        new(name, new Shape { Kinds = [JsonValueKind.String], Values = values });
}

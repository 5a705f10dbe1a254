using System.Text.Json.Nodes;

namespace EdgeRelease.Api;

/// <summary>A column of <c>kubectl get</c>. Dates are ages; a time in the future must be a string.</summary>
/// <param name="Name">The heading; kubectl writes it in capitals.</param>
/// <param name="Type">string, integer or date.</param>
/// <param name="Path">The one JSONPath that it reads.</param>
/// <param name="IsWide">Whether it is shown with <c>-o wide</c> only. Default false.</param>
internal sealed record PrinterColumn(string Name, string Type, string Path, bool IsWide = false)
{
    private static readonly PrinterColumn Age = new("Age", "date", ".metadata.creationTimestamp");
    private static readonly PrinterColumn Ready = new(
        "Ready",
        "string",
        ".status.conditions[?(@.type==\"Ready\")].status"
    );

    /// <summary>The columns of an EdgeRelease.</summary>
    public static readonly IReadOnlyList<PrinterColumn> Release =
    [
        new("Flow", "string", ".spec.flow"),
        new("Version", "string", ".spec.version"),
        new("Phase", "string", ".status.phase"),
        new("Percent", "integer", ".spec.rolloutPercentage"),
        new("Updated", "string", ".status.progress"),
        new("Failed", "integer", ".status.devices.failed"),
        Ready,
        Age,
        new("Step", "string", ".status.step.name", IsWide: true),
        new("Until", "string", ".status.step.soakUntil", IsWide: true),
        new("App", "string", ".status.application.name", IsWide: true),
        new("Message", "string", ".status.message", IsWide: true),
    ];

    /// <summary>The columns of a LosantApplication.</summary>
    public static readonly IReadOnlyList<PrinterColumn> Application =
    [
        new("Application", "string", ".spec.applicationId"),
        Ready,
        new("Devices", "integer", ".status.observation.devices"),
        new("LastScan", "date", ".status.observation.at"),
        Age,
    ];

    /// <summary>The columns of an EdgeReleaseRevision.</summary>
    public static readonly IReadOnlyList<PrinterColumn> Revision =
    [
        new("Release", "string", ".metadata.ownerReferences[0].name"),
        new("Revision", "integer", ".revision"),
        new("Result", "string", ".result"),
        new("Rows", "integer", ".rows"),
        Age,
    ];

    /// <summary>As the CRD has it.</summary>
    public JsonObject ToJson()
    {
        var column = new JsonObject
        {
            ["name"] = Name,
            ["type"] = Type,
            ["jsonPath"] = Path,
        };
        if (IsWide)
        {
            column["priority"] = 1;
        }

        return column;
    }
}

namespace EdgeRelease.Simulation;

/// <summary>One of Losant's two kinds of deployment: which flows go to which devices.</summary>
/// <param name="Name">Its word in paths: edge or embedded.</param>
/// <param name="DeviceClass">The class of its devices.</param>
/// <param name="FlowClasses">The classes of its flows.</param>
internal sealed record DeploymentKind(string Name, string DeviceClass, IReadOnlyList<string> FlowClasses)
{
    public static readonly DeploymentKind Edge = new("edge", "edgeCompute", ["edge", "customNode"]);

    public static readonly DeploymentKind Embedded = new("embedded", "embedded", ["embedded"]);

    /// <summary>The kind that a flow belongs to; flows of no kind count as edge and are refused there.</summary>
    public static DeploymentKind Of(SimulatedFlow flow) => flow.FlowClass == "embedded" ? Embedded : Edge;

    /// <summary>Whether a device can get flows of this kind at all.</summary>
    public bool Reaches(SimulatedDevice device) => device.DeviceClass == DeviceClass && device.DeletedAt is null;
}

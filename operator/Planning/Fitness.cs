using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Whether a device can run a version (F005).</summary>
internal static class Fitness
{
    /// <summary>In one word, why a device cannot run the version; null when it can.</summary>
    public static string? Obstacle(Release wanted, Yardstick yard, in DeviceRow device, DeploymentRow? deployment)
    {
        if (device.Class != wanted.Class)
        {
            return "WrongClass";
        }

        if (deployment is { OnDisk: true })
        {
            return "OnDisk";
        }

        if (deployment is { Bundle.IsUnknown: true } && !wanted.Spec.Embedded.AllowUnknownBundle)
        {
            return "UnknownBundle";
        }

        if (yard.Version is null)
        {
            return deployment is null or { Current: null, Desired: null } ? "NotInstalled" : null;
        }

        return AgentObstacle(wanted, device.AgentVersion);
    }

    private static string? AgentObstacle(Release wanted, string? agent)
    {
        if (wanted.MinimumAgentVersion is not { } minimum)
        {
            return null;
        }

        if (!Version.TryParse(agent, out var has))
        {
            return "AgentUnknown";
        }

        return Version.TryParse(minimum, out var needs) && has < needs ? "AgentTooOld" : null;
    }
}

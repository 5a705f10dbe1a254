using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The export of a bundle: queued, one in five minutes for an application, delivered later.</summary>
internal static class BundleExports
{
    public static Answer Export(Call call)
    {
        var deployment = Text(call, "embeddedDeploymentId");
        var device = Text(call, "deviceId");
        if (deployment is null && device is null)
        {
            return call.Unknowns.ExportWithoutId == Tolerance.Refuse
                ? Answer.Invalid("options must include embeddedDeploymentId or deviceId")
                : Answer.NotFound("Embedded Deployment");
        }

        var bundle = deployment is not null
            ? call.Application.FindBundle(deployment)
            : call.Application.FindDevice(device!)?.Bundle;
        if (bundle is not { Device.DeletedAt: null } || (device is not null && !IsOf(bundle, device)))
        {
            return Answer.NotFound("Embedded Deployment");
        }

        return call.Application.Exports.Queue(bundle, Text(call, "callbackUrl")) is { } job
            ? new Answer(202, JsonText.Write(writer => Write(writer, job)))
            : Answer.OfStatus(429);
    }

    private static bool IsOf(SimulatedBundle bundle, string device) =>
        bundle.Device.Id.Equals(device, StringComparison.OrdinalIgnoreCase);

    private static string? Text(Call call, string name) =>
        call.Body is { } body && body.TryGetProperty(name, out var text) ? text.GetString() : null;

    private static void Write(Utf8JsonWriter writer, ExportJob job)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("success", true);
        writer.WriteBoolean("jobQueued", true);
        writer.WriteString("jobId", job.Id);
        writer.WriteEndObject();
    }
}

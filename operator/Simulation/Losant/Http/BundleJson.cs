using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Writes embedded deployments. Source: Losant schema embeddedDeployment and its official example.</summary>
internal static class BundleJson
{
    public static void Write(Utf8JsonWriter writer, Call call, SeenBundle seen)
    {
        var (bundle, state) = seen;
        var device = bundle.Device.SeenAt(call.ReadAt) ?? bundle.Device.State;
        writer.WriteStartObject();
        writer.WriteString("id", bundle.Id);
        writer.WriteString("embeddedDeploymentId", bundle.Id);
        writer.WriteString("applicationId", call.Application.Id);
        writer.WriteString("deviceId", bundle.Device.Id);
        writer.WriteString("deviceName", device.Name);
        DeviceJson.WriteConnection(writer, "deviceConnectionInfo", device);
        writer.WriteTime("creationDate", bundle.CreatedAt);
        writer.WriteTime("lastUpdated", state.LastUpdated);
        WriteFlows(writer, call, state);
        WriteBundle(writer, call, "currentBundleVersion", state.Current);
        WriteBundle(writer, call, "desiredBundleVersion", state.Desired);
        writer.WriteBoolean("unknownBundle", state.IsUnknown);
        writer.WriteStartArray("logs");
        foreach (var entry in call.Unknowns.LogsOldestFirst ? state.Logs.Reverse() : state.Logs)
        {
            WriteLog(writer, call, entry);
        }

        writer.WriteEndArray();
        writer.WriteString("_type", "embeddedDeployment");
        Links.OfItem(writer, call, $"embedded/deployments/{bundle.Id}");
        writer.WriteEndObject();
    }

    private static void WriteFlows(Utf8JsonWriter writer, Call call, BundleState state)
    {
        writer.WriteStartObject("flows");
        foreach (var (flow, current, desired) in state.Flows)
        {
            if (call.Unknowns.RemovedFlowsVanish && current is null && desired is null)
            {
                continue;
            }

            writer.WriteStartObject(flow.Id);
            writer.WriteString("flowName", flow.Name);
            writer.WriteNullable(call, "currentVersion", current);
            writer.WriteNullable(call, "desiredVersion", desired);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteLog(Utf8JsonWriter writer, Call call, BundleLogEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteLogHead(entry.Desired, entry.Date, entry.By);
        writer.WriteOptional("updateType", entry.UpdateType);
        if (entry.FlowId is not null)
        {
            writer.WriteString("updateFlowId", entry.FlowId);
            writer.WriteNullable(call, "desiredVersion", entry.Version);
        }

        WriteBundle(writer, call, entry.Error is null ? "newBundle" : "attemptedBundle", entry.Bundle);
        writer.WriteOptional("error", entry.Error);
        writer.WriteEndObject();
    }

    private static void WriteBundle(Utf8JsonWriter writer, Call call, string name, string? bundle) =>
        writer.WriteNullable(call, name, bundle ?? (call.Unknowns.NoBundleIsNull ? null : "nullVersion"));
}

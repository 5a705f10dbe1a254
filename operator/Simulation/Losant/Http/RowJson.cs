using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Writes deployment rows. Source: Losant schema edgeDeployment and its official example.</summary>
internal static class RowJson
{
    /// <summary>Writes a row; the plain text of an unchanged one is remembered.</summary>
    public static void Write(Utf8JsonWriter writer, Call call, SeenRow seen)
    {
        var (row, state) = seen;
        var device = row.Device.SeenAt(call.ReadAt) ?? row.Device.State;
        if (Links.Wanted(call))
        {
            WriteAnew(writer, call, seen, device);
            return;
        }

        if (row.Text is not { } text || !ReferenceEquals(text.Row, state) || !ReferenceEquals(text.Device, device))
        {
            text = (state, device, JsonText.Write(fresh => WriteAnew(fresh, call, seen, device)));
            row.Text = text;
        }

        writer.WriteRawValue(text.Json, skipInputValidation: true);
    }

    private static void WriteAnew(Utf8JsonWriter writer, Call call, SeenRow seen, DeviceState device)
    {
        var (row, state) = seen;
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("edgeDeploymentId", row.Id);
        writer.WriteString("applicationId", call.Application.Id);
        writer.WriteString("deviceId", row.Device.Id);
        writer.WriteString("deviceName", device.Name);
        DeviceJson.WriteConnection(writer, "deviceConnectionInfo", device);
        writer.WriteString("flowId", row.Flow.Id);
        writer.WriteString("flowName", row.Flow.Name);
        writer.WriteString("flowClass", row.Flow.FlowClass);
        writer.WriteOptional("fileName", row.FileName);
        writer.WriteTime("creationDate", row.CreatedAt);
        writer.WriteTime("lastUpdated", state.LastUpdated);
        writer.WriteNullable(call, "currentVersion", state.Current);
        writer.WriteNullable(call, "desiredVersion", state.Desired);
        WriteEtag(writer, call, "currentEtag", state.CurrentEtag);
        WriteEtag(writer, call, "desiredEtag", state.DesiredEtag);
        writer.WriteStartArray("logs");
        for (var index = 0; index < state.Logs.Count; index++)
        {
            WriteLog(writer, call, state.Logs[call.Unknowns.LogsOldestFirst ? state.Logs.Count - 1 - index : index]);
        }

        writer.WriteEndArray();
        writer.WriteString("_type", "edgeDeployment");
        Links.OfItem(writer, call, $"edge/deployments/{row.Id}");
        writer.WriteEndObject();
    }

    private static void WriteLog(Utf8JsonWriter writer, Call call, LogEntry entry)
    {
        writer.WriteStartObject();
        writer.WriteLogHead(entry.Desired, entry.Date, entry.By);
        if (entry.Error is null)
        {
            writer.WriteNullable(call, "newValue", entry.New.Name);
            writer.WriteNullable(call, "previousValue", entry.Previous.Name);
            WriteEtag(writer, call, "newEtag", entry.New.Etag);
            WriteEtag(writer, call, "previousEtag", entry.Previous.Etag);
        }
        else
        {
            writer.WriteNullable(call, "attemptedValue", entry.New.Name);
            WriteEtag(writer, call, "attemptedEtag", entry.New.Etag);
            writer.WriteString("error", entry.Error);
        }

        writer.WriteEndObject();
    }

    private static void WriteEtag(Utf8JsonWriter writer, Call call, string name, string? etag)
    {
        if (call.Unknowns.Etags)
        {
            writer.WriteOptional(name, etag);
        }
    }
}

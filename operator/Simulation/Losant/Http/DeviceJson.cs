using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Writes devices. Source: Losant schema device, and a recorded answer: absent members are left out.</summary>
internal static class DeviceJson
{
    /// <summary>Writes a device; the plain text of an unchanged one is remembered.</summary>
    public static void Write(Utf8JsonWriter writer, Call call, SeenDevice seen)
    {
        var (device, state) = seen;
        if (Links.Wanted(call) || call.Query.Text("excludeConnectionInfo") == "true")
        {
            WriteAnew(writer, call, seen);
            return;
        }

        if (device.Text is not { } text || !ReferenceEquals(text.State, state))
        {
            text = (state, JsonText.Write(fresh => WriteAnew(fresh, call, seen)));
            device.Text = text;
        }

        writer.WriteRawValue(text.Json, skipInputValidation: true);
    }

    private static void WriteAnew(Utf8JsonWriter writer, Call call, SeenDevice seen)
    {
        var (device, state) = seen;
        writer.WriteStartObject();
        writer.WriteString("id", device.Id);
        writer.WriteString("deviceId", device.Id);
        writer.WriteString("applicationId", device.Application.Id);
        writer.WriteTime("creationDate", device.CreatedAt);
        writer.WriteTime("lastUpdated", state.LastUpdated);
        if (state.DeletedAt is { } deletedAt)
        {
            writer.WriteTime("deletedAt", deletedAt);
        }

        writer.WriteString("name", state.Name);
        writer.WriteStartArray("tags");
        foreach (var (key, value) in state.Tags)
        {
            writer.WriteStartObject();
            writer.WriteString("key", key);
            writer.WriteString("value", value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("attributes");
        writer.WriteEndArray();
        writer.WriteString("deviceClass", device.DeviceClass);
        writer.WriteOptional("edgeAgentVersion", state.AgentVersion);
        if (call.Query.Text("excludeConnectionInfo") != "true")
        {
            WriteConnection(writer, "connectionInfo", state);
        }

        writer.WriteString("_type", "device");
        Links.OfItem(writer, call, $"devices/{device.Id}");
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>{time, connected}</c>; a device that never connected has no time.</summary>
    public static void WriteConnection(Utf8JsonWriter writer, string name, DeviceState state)
    {
        writer.WriteStartObject(name);
        if (state.ConnectionAt is { } at)
        {
            writer.WriteTime("time", at);
        }

        writer.WritePropertyName("connected");
        if (state.Connected is { } connected)
        {
            writer.WriteNumberValue(connected ? 1 : 0);
        }
        else
        {
            writer.WriteNullValue();
        }

        writer.WriteEndObject();
    }
}

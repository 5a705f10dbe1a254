using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>The paths, queries and bodies of the calls.</summary>
internal static class Queries
{
    // Texts of an API are read by machines alone: only what JSON demands is escaped.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A path with its query; each value is escaped here.</summary>
    public static string Target(string path, params ReadOnlySpan<(string Name, string Value)> query)
    {
        var target = new StringBuilder(path).Append("?_actions=false&_links=false&_embedded=false");
        foreach (var (name, value) in query)
        {
            target.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return target.ToString();
    }

    /// <summary>The advanced query for the devices of one class whose ids come after one, all or those that changed,
    /// connected or disconnected since an instant.</summary>
    public static string DevicesAfter(DeviceClass deviceClass, DeviceId? last, DateTimeOffset? since) =>
        Json(json =>
        {
            if (since is { } instant)
            {
                json.WriteStartArray("$or");
                foreach (var field in (ReadOnlySpan<string>)["lastUpdated", "connectedAt", "disconnectedAt"])
                {
                    json.WriteStartObject();
                    json.WriteStartObject(field);
                    json.WriteString("$gt", instant.UtcDateTime);
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }

            json.WriteString("deviceClass", deviceClass == DeviceClass.Embedded ? "embedded" : "edgeCompute");
            if (last is { } id)
            {
                json.WriteStartObject("id");
                json.WriteString("$gt", id.ToString());
                json.WriteEndObject();
            }
        });

    /// <summary>The advanced query for named devices, at most 100. Source: Losant schema advancedDeviceQuery.</summary>
    public static string DevicesNamed(IEnumerable<DeviceId> ids) =>
        Json(json =>
        {
            json.WriteStartObject("id");
            WriteIds(json, "$in", ids);
            json.WriteEndObject();
        });

    /// <summary>The body of a release. The version is written also when it is null: then it schedules a removal.
    /// Source: Losant schema edgeDeploymentRelease.</summary>
    public static byte[] Release(ReleaseOrder order) =>
        Bytes(json =>
        {
            json.WriteString("flowId", order.FlowId);
            json.WriteString("version", order.Version);
            WriteIds(json, "deviceIds", order.Devices);
        });

    /// <summary>The body of an export. Source: Losant schema embeddedDeploymentExport.</summary>
    public static byte[] Export(ExportOrder order) =>
        Bytes(json =>
        {
            json.WriteString("deviceId", order.Device.ToString());
            json.WriteString("callbackUrl", order.CallbackUrl);
            if (order.Gzip)
            {
                json.WriteBoolean("gzip", order.Gzip);
            }
        });

    private static void WriteIds(Utf8JsonWriter json, string name, IEnumerable<DeviceId> ids)
    {
        json.WriteStartArray(name);
        foreach (var id in ids)
        {
            json.WriteStringValue(id.ToString());
        }

        json.WriteEndArray();
    }

    private static string Json(Action<Utf8JsonWriter> writeMembers) => Encoding.UTF8.GetString(Bytes(writeMembers));

    private static byte[] Bytes(Action<Utf8JsonWriter> writeMembers)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            writeMembers(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}

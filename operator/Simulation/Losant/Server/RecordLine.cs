using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Writes entries of the record as JSON objects, one a line.</summary>
public static class RecordLine
{
    /// <summary>The entry as one line of JSON, without the line's end. A body that is JSON stands as JSON, another as
    /// text; <c>cause</c> is the number of the request, <c>device</c> or <c>foreign</c>.</summary>
    /// <param name="entry">The entry.</param>
    /// <returns>UTF-8.</returns>
    public static byte[] Of(RecordEntry entry) =>
        JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", entry.Seq);
            writer.WriteTime("at", entry.At);
            switch (entry)
            {
                case RequestRecord request:
                    Write(writer, request);
                    break;
                case DeviceChangeRecord change:
                    Write(writer, change);
                    break;
            }

            writer.WriteEndObject();
        });

    private static void Write(Utf8JsonWriter writer, RequestRecord request)
    {
        writer.WriteString("kind", "request");
        writer.WriteString("method", request.Method);
        writer.WriteString("path", request.Path);
        writer.WriteString("query", request.Query);
        writer.WritePropertyName("body");
        WriteBody(writer, request.Body);
        writer.WriteNumber("status", request.Status);
        writer.WriteOptional("tokenId", request.TokenId);
        writer.WriteOptional("fault", request.Fault);
    }

    private static void Write(Utf8JsonWriter writer, DeviceChangeRecord change)
    {
        writer.WriteString("kind", "device");
        writer.WriteString("deviceId", change.DeviceId);
        writer.WriteString("flowId", change.FlowId);
        writer.WriteString(
            "field",
            change.Field switch
            {
                ChangedField.Desired => "desired",
                ChangedField.Current => "current",
                _ => "connected",
            }
        );
        if (change.Field == ChangedField.Connected)
        {
            writer.WriteBoolean("from", change.From == "true");
            writer.WriteBoolean("to", change.To == "true");
        }
        else
        {
            writer.WriteString("from", change.From);
            writer.WriteString("to", change.To);
        }

        writer.WriteString("etag", change.Etag);
        writer.WritePropertyName("cause");
        if (change.Cause.Request is { } seq)
        {
            writer.WriteNumberValue(seq);
        }
        else
        {
            writer.WriteStringValue(change.Cause.Foreign ? "foreign" : "device");
        }
    }

    private static void WriteBody(Utf8JsonWriter writer, string? body)
    {
        if (body is null)
        {
            writer.WriteNullValue();
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            document.RootElement.WriteTo(writer);
        }
        catch (JsonException)
        {
            writer.WriteStringValue(body);
        }
    }
}

using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The read of an application. Source: Losant schema application.</summary>
internal static class ApplicationReads
{
    public static Answer Get(Call call) =>
        new(
            200,
            JsonText.Write(writer =>
            {
                var application = call.Application;
                writer.WriteStartObject();
                writer.WriteString("id", application.Id);
                writer.WriteString("applicationId", application.Id);
                writer.WriteTime("creationDate", application.CreatedAt);
                writer.WriteTime("lastUpdated", application.CreatedAt);
                writer.WriteString("name", application.Name);
                writer.WriteStartObject("summary");
                writer.WriteNumber("deviceCount", application.Devices.Count(device => device.DeletedAt is null));
                writer.WriteNumber("flowCount", application.Flows.Count);
                writer.WriteEndObject();
                writer.WriteString("_type", "application");
                writer.WriteEndObject();
            })
        );
}

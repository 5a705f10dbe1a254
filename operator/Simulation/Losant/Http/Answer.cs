using System.Text;

namespace EdgeRelease.Simulation;

/// <summary>What the API answers, before faults and headers.</summary>
internal readonly record struct Answer(int Status, byte[] Body, string ContentType = "application/json")
{
    private static readonly byte[] Success = "{\"success\":true}"u8.ToArray();

    /// <summary>201: scheduled, nothing more.</summary>
    public static Answer Scheduled => new(201, Success);

    /// <summary>400 with the text of a validation.</summary>
    public static Answer Invalid(string message) => Problem(400, "Validation", message);

    /// <summary>404 for a thing, by its title.</summary>
    public static Answer NotFound(string title) => Problem(404, "NotFound", $"{title} was not found");

    /// <summary>403.</summary>
    public static Answer Forbidden => Problem(403, "Forbidden", "Access is forbidden");

    /// <summary>401 with its text.</summary>
    public static Answer Unauthorized(string message) => Problem(401, "Unauthorized", message);

    /// <summary>405, also for paths that nobody knows.</summary>
    public static Answer NotAllowed(string method) => Problem(405, "MethodNotAllowed", $"{method} is not allowed");

    /// <summary>400 of the body parser, which has no type.</summary>
    public static Answer BadJson(string reason) =>
        new(
            400,
            JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("code", "InvalidContent");
                writer.WriteString("message", $"Invalid JSON: {reason}");
                writer.WriteEndObject();
            })
        );

    /// <summary>An answer of a status alone: what a throttle, a failing server or a proxy says.</summary>
    public static Answer OfStatus(int status) =>
        status switch
        {
            408 => Problem(408, "RequestTimeout", "Request timed out"),
            429 => Problem(429, "RateLimit", "Rate limit exceeded"),
            500 => Problem(500, "Error", "An unexpected error occurred"),
            _ => new Answer(status, Encoding.UTF8.GetBytes($"<html><h1>{status}</h1></html>"), "text/html"),
        };

    private static Answer Problem(int status, string type, string message) =>
        new(
            status,
            JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("type", type);
                writer.WriteString("message", message);
                writer.WriteEndObject();
            })
        );
}

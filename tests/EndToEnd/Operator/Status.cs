using System.Text.Json;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>What a release says of itself.</summary>
internal sealed record Status(JsonElement Json, long Generation)
{
    public string? Phase => Text("phase");

    public string? Message => Text("message");

    public int Revision => Json.TryGetProperty("revision", out var number) ? number.GetInt32() : 0;

    /// <summary>Whether it speaks of the present spec.</summary>
    public bool IsObserved => Json.GetProperty("observedGeneration").GetInt64() == Generation;

    /// <summary>Status and reason of the condition Ready, as <c>False SecretNotFound</c>; null when there is none.</summary>
    public string? Ready =>
        Json.TryGetProperty("conditions", out var conditions)
            ? conditions
                .EnumerateArray()
                .Where(each => each.GetProperty("type").GetString() == "Ready")
                .Select(each => $"{each.GetProperty("status").GetString()} {each.GetProperty("reason").GetString()}")
                .FirstOrDefault()
            : null;

    /// <summary>One of <c>status.devices</c>; 0 before they were counted.</summary>
    public int Devices(string state) =>
        Json.TryGetProperty("devices", out var devices) && devices.TryGetProperty(state, out var count)
            ? count.GetInt32()
            : 0;

    /// <summary>That of an object; null when there is no object or it has none.</summary>
    public static Status? Of(JsonElement? release) =>
        release is { } json && json.TryGetProperty("status", out var status)
            ? new Status(status, json.GetProperty("metadata").GetProperty("generation").GetInt64())
            : null;

    public override string ToString() => $"{Phase} {Ready}: {Message}";

    private string? Text(string name) => Json.TryGetProperty(name, out var value) ? value.GetString() : null;
}

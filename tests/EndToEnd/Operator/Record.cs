using System.Text.Json;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>What happened at the simulated Losant, in order, as it says itself.</summary>
internal sealed record Record(IReadOnlyList<Request> Requests, IReadOnlyList<Change> Changes, long Last)
{
    /// <summary>Calls that deploy.</summary>
    public IEnumerable<Request> Posts => Requests.Where(request => request.Method == "POST");

    /// <summary>Changes of what a device should run that a call caused.</summary>
    public IEnumerable<Change> Commands => Changes.Where(change => change is { Field: "desired", Request: not null });

    /// <summary>Reads of the device list: one a poll while the fleet fits a page.</summary>
    public IEnumerable<Request> Polls =>
        Requests.Where(request =>
            request.Method == "GET" && request.Path.EndsWith("/devices", StringComparison.Ordinal)
        );

    /// <summary>Reads lines of JSON.</summary>
    public static Record Of(string lines)
    {
        var requests = new List<Request>();
        var changes = new List<Change>();
        var last = 0L;
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var json = JsonElement.Parse(line);
            last = json.GetProperty("seq").GetInt64();
            if (json.GetProperty("kind").GetString() == "request")
            {
                requests.Add(Request.Of(json));
            }
            else
            {
                changes.Add(Change.Of(json));
            }
        }

        return new Record(requests, changes, last);
    }
}

/// <summary>One call.</summary>
internal sealed record Request(long Seq, DateTimeOffset At, string Method, string Path, string Query, int Status)
{
    public static Request Of(JsonElement json) =>
        new(
            json.GetProperty("seq").GetInt64(),
            json.GetProperty("at").GetDateTimeOffset(),
            json.GetProperty("method").GetString()!,
            json.GetProperty("path").GetString()!,
            json.GetProperty("query").GetString()!,
            json.GetProperty("status").GetInt32()
        );
}

/// <summary>One change of a device: <c>desired</c>, <c>current</c> or <c>connected</c>.</summary>
internal sealed record Change(DateTimeOffset At, string Device, string Field, string? From, string? To, long? Request)
{
    public static Change Of(JsonElement json) =>
        new(
            json.GetProperty("at").GetDateTimeOffset(),
            json.GetProperty("deviceId").GetString()!,
            json.GetProperty("field").GetString()!,
            Text(json.GetProperty("from")),
            Text(json.GetProperty("to")),
            json.GetProperty("cause").ValueKind == JsonValueKind.Number ? json.GetProperty("cause").GetInt64() : null
        );

    private static string? Text(JsonElement value) => value.ValueKind == JsonValueKind.Null ? null : value.ToString();
}

/// <summary>The devices by id.</summary>
internal sealed class Fleet : Dictionary<string, Device>
{
    public Fleet()
        : base(StringComparer.Ordinal) { }

    /// <summary>What each device runs and should run, one line a device: two fleets are compared by it.</summary>
    public string Versions =>
        string.Join(
            '\n',
            this.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => $"{pair.Key} {pair.Value.Current} {pair.Value.Desired}")
        );
}

/// <summary>One device.</summary>
internal sealed record Device(bool Connected, string? Desired, string? Current);

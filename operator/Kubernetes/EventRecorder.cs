using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace EdgeRelease.Kubernetes;

/// <summary>Something that happened to an object.</summary>
/// <param name="IsWarning">Whether its type is Warning, else Normal.</param>
/// <param name="Reason">Why, in CamelCase, at most 128 characters.</param>
/// <param name="Action">What was done, in CamelCase, at most 128 characters.</param>
/// <param name="Note">The sentence for people; what is past 1,024 bytes of UTF-8 is cut.</param>
public sealed record EventNote(bool IsWarning, string Reason, string Action, string Note)
{
    /// <summary>What makes two notes the same happening where their texts differ, in numbers for example.
    /// Null for the text itself. The Event keeps the text of the first.</summary>
    public string? NoteClass { get; init; }
}

/// <summary>Who writes Events.</summary>
public sealed record EventReporter
{
    /// <summary>The controller's name, as <c>example.com/controller</c>.</summary>
    public required string Controller { get; init; }

    /// <summary>This process, such as the pod's name.</summary>
    public required string Instance { get; init; }

    /// <summary>Called when an Event could not be written. Default nothing.</summary>
    public Action<ClusterException> Faulted { get; init; } = _ => { };
}

/// <summary>Writes Events of events.k8s.io/v1 as well as it can; a failure stops nobody. The same happening on the
/// same object is one Event with a count: its name is made from both, so that a restart keeps the count.</summary>
public sealed class EventRecorder
{
    /// <summary>Bytes of UTF-8 that the server accepts.</summary>
    private const int LongestNote = 1024;
    private const int LongestName = 253;

    private readonly ICluster cluster;
    private readonly EventReporter reporter;
    private readonly TimeProvider time;

    /// <summary>A recorder.</summary>
    /// <param name="cluster">The server.</param>
    /// <param name="reporter">Who writes.</param>
    /// <param name="time">The wall clock of the Events.</param>
    public EventRecorder(ICluster cluster, EventReporter reporter, TimeProvider time)
    {
        this.cluster = cluster;
        this.reporter = reporter;
        this.time = time;
    }

    /// <summary>Records a happening, in the object's namespace (<c>default</c> for a cluster-scoped one). Throws only
    /// when cancelled.</summary>
    /// <param name="kind">The object's kind.</param>
    /// <param name="regarding">The object as received.</param>
    /// <param name="note">What happened.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task RecordAsync(ResourceKind kind, JsonElement regarding, EventNote note, CancellationToken cancel)
    {
        if (ResourceJson.KeyOf(regarding) is not { } about)
        {
            return;
        }
        var ns = about.Namespace.Length == 0 ? "default" : about.Namespace;
        var key = new ResourceKey(ns, Name(about, ResourceJson.UidOf(regarding), note));
        try
        {
            await CreateOrCountAsync(key, Created(key, Regarding(kind, about, regarding), note), cancel);
        }
        catch (ClusterException e)
        {
            reporter.Faulted(e);
        }
    }

    private async Task CreateOrCountAsync(ResourceKey key, JsonElement created, CancellationToken cancel)
    {
        try
        {
            await cluster.CreateAsync(ResourceKind.Event, created, cancel);
        }
        catch (ClusterException e) when (e.IsConflict)
        {
            if (await cluster.FindAsync(ResourceKind.Event, key, cancel) is { } known)
            {
                await cluster.ReplaceAsync(ResourceKind.Event, Counted(known), null, cancel);
            }
        }
    }

    private JsonElement Created(ResourceKey key, JsonObject regarding, EventNote note) =>
        ResourceJson.Element(
            new JsonObject
            {
                ["apiVersion"] = ResourceKind.Event.ApiVersion,
                ["kind"] = ResourceKind.Event.Kind,
                ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
                ["eventTime"] = LeaseJson.MicroTime(time.GetUtcNow()),
                ["type"] = Type(note),
                ["reason"] = note.Reason,
                ["action"] = note.Action,
                ["note"] = Cut(note.Note),
                ["regarding"] = regarding,
                ["reportingController"] = reporter.Controller,
                ["reportingInstance"] = reporter.Instance,
            }
        );

    private JsonElement Counted(JsonElement known) =>
        ResourceJson.Edited(
            known,
            root =>
            {
                // The first Event has no series; the second occurrence begins one at two.
                var count = root["series"]?["count"] is JsonValue value && value.TryGetValue(out int past) ? past : 1;
                root["series"] = new JsonObject
                {
                    ["count"] = count + 1,
                    ["lastObservedTime"] = LeaseJson.MicroTime(time.GetUtcNow()),
                };
            }
        );

    private static JsonObject Regarding(ResourceKind kind, ResourceKey about, JsonElement regarding)
    {
        var reference = new JsonObject
        {
            ["apiVersion"] = kind.ApiVersion,
            ["kind"] = kind.Kind,
            ["name"] = about.Name,
            ["uid"] = ResourceJson.UidOf(regarding),
            ["resourceVersion"] = ResourceJson.ResourceVersionOf(regarding),
        };
        if (about.Namespace.Length > 0)
        {
            reference["namespace"] = about.Namespace;
        }
        return reference;
    }

    private static string Name(ResourceKey about, string? uid, EventNote note)
    {
        var happening = string.Join('\0', uid, Type(note), note.Reason, note.Action, note.NoteClass ?? note.Note);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(happening)).AsSpan(0, 8));
        var longest = LongestName - hash.Length - 1;
        return $"{(about.Name.Length <= longest ? about.Name : about.Name[..longest].TrimEnd('.', '-'))}.{hash}";
    }

    private static string Cut(string note)
    {
        if (Encoding.UTF8.GetByteCount(note) <= LongestNote)
        {
            return note;
        }
        Span<byte> kept = stackalloc byte[LongestNote - Encoding.UTF8.GetByteCount("…")];
        // Fills only whole characters.
        Utf8.FromUtf16(note, kept, out _, out var written);
        return Encoding.UTF8.GetString(kept[..written]) + "…";
    }

    private static string Type(EventNote note) => note.IsWarning ? "Warning" : "Normal";
}

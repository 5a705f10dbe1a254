using System.Text.Json;

namespace EdgeRelease.Kubernetes;

/// <summary>The events in the body of a watch. Whatever breaks it, silence included, is its end.</summary>
internal sealed class WatchStream(Stream stream, TimeSpan idleLimit, TimeProvider time)
{
    private readonly LineReader lines = new(stream);

    /// <summary>The next event; null at the end.</summary>
    /// <exception cref="ClusterException">The server sent an ERROR event.</exception>
    public async Task<WatchEvent?> NextAsync(string words, CancellationToken cancel)
    {
        while (await LineAsync(cancel) is { } line)
        {
            if (Parsed(line) is not { } parsed)
            {
                return null;
            }
            if (ResourceJson.Text(parsed, "type") is "ERROR")
            {
                throw Error(words, parsed.GetProperty("object"));
            }
            if (KindOf(parsed) is { } kind)
            {
                return new WatchEvent(kind, parsed.GetProperty("object"));
            }
        }
        return null;
    }

    private async Task<ReadOnlyMemory<byte>?> LineAsync(CancellationToken cancel)
    {
        using var idle = new CancellationTokenSource(idleLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancel, idle.Token);
        try
        {
            return await lines.NextAsync(linked.Token);
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException
                || (e is OperationCanceledException && !cancel.IsCancellationRequested)
            )
        {
            return null;
        }
    }

    private static JsonElement? Parsed(ReadOnlyMemory<byte> line)
    {
        try
        {
            var root = JsonElement.Parse(line.Span);
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("object", out _) ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null for a type that this client does not know; such a line is skipped.</summary>
    private static WatchEventKind? KindOf(JsonElement line) =>
        ResourceJson.Text(line, "type") switch
        {
            "ADDED" => WatchEventKind.Added,
            "MODIFIED" => WatchEventKind.Modified,
            "DELETED" => WatchEventKind.Deleted,
            "BOOKMARK" => WatchEventKind.Bookmark,
            _ => null,
        };

    private static ClusterException Error(string words, JsonElement status)
    {
        var isNumber =
            status.ValueKind == JsonValueKind.Object
            && status.TryGetProperty("code", out var member)
            && member.ValueKind == JsonValueKind.Number;
        var code = isNumber && status.GetProperty("code").TryGetInt32(out var number) ? number : 500;
        return ClusterErrors.Refused(words, code, ResourceJson.Text(status, "message"));
    }
}

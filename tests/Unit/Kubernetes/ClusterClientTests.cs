using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

/// <summary>Answers that a real API server does not give on demand.</summary>
public sealed class ClusterClientTests
{
    private static readonly ResourceKey Key = new("ns", "a");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ends_the_watch_at_a_truncated_last_line()
    {
        using var server = Watching(Line("ADDED", "a", 1) + "\n" + Line("ADDED", "b", 2)[..20]);

        Assert.Equal(["Added a"], await WatchedAsync(server));
    }

    [Fact]
    public async Task Ends_the_watch_at_a_line_that_is_not_JSON()
    {
        using var server = Watching(Line("ADDED", "a", 1) + "\nnonsense\n" + Line("ADDED", "b", 2) + "\n");

        Assert.Equal(["Added a"], await WatchedAsync(server));
    }

    [Fact]
    public async Task Skips_a_line_of_an_unknown_type()
    {
        using var server = Watching(Line("NEWLY_INVENTED", "a", 1) + "\n" + Line("DELETED", "b", 2) + "\n");

        Assert.Equal(["Deleted b"], await WatchedAsync(server));
    }

    [Fact]
    public async Task Reads_a_line_that_is_longer_than_a_buffer()
    {
        using var server = Watching(
            Line("ADDED", new string('x', 200_000), 1) + "\n" + Line("BOOKMARK", "b", 2) + "\n"
        );

        Assert.Equal(2, (await WatchedAsync(server)).Count);
    }

    [Fact]
    public async Task Throws_410_when_an_ERROR_event_says_so()
    {
        using var server = Watching(
            """{"type":"ERROR","object":{"kind":"Status","code":410,"message":"too old resource version: 1 (9)"}}"""
                + "\n"
        );

        var error = await Assert.ThrowsAsync<ClusterException>(() => WatchedAsync(server));

        Assert.True(error.IsGone);
        Assert.Equal("cannot watch ConfigMap in all namespaces: too old resource version: 1 (9)", error.Message);
    }

    [Fact]
    public async Task Ends_the_watch_after_five_minutes_of_silence()
    {
        var clock = new HandClock();
        using var server = Watching(Line("ADDED", "a", 1) + "\n" + LoopbackServer.Silence);
        using var client = new ClusterClient(server.Connection, clock, "tests/0");
        await using var watch = client.WatchAsync(ResourceKind.ConfigMap, null, "0", Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await watch.MoveNextAsync());

        var next = watch.MoveNextAsync().AsTask();
        clock.Advance(TimeSpan.FromSeconds(299));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await next);
    }

    [Fact]
    public async Task Gives_up_a_call_without_an_answer_after_10_s()
    {
        var clock = new HandClock();
        var asked = new TaskCompletionSource();
        using var server = new LoopbackServer(_ =>
        {
            asked.TrySetResult();
            return null;
        });
        using var client = new ClusterClient(server.Connection, clock, "tests/0");
        var found = client.FindAsync(ResourceKind.Secret, Key, Cancel);
        await asked.Task;

        clock.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(found.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(0.1));

        var error = await Assert.ThrowsAsync<ClusterException>(() => found);
        Assert.Equal("cannot get Secret ns/a: no answer within 10 s", error.Message);
        Assert.Equal(0, error.Status);
    }

    [Fact]
    public async Task Says_who_is_not_there()
    {
        Uri gone;
        using (var server = new LoopbackServer(_ => null))
        {
            gone = server.Server;
        }
        using var client = new ClusterClient(new() { Server = gone }, TimeProvider.System, "tests/0");

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            client.FindAsync(ResourceKind.Secret, Key, Cancel)
        );

        Assert.Equal("cannot get Secret ns/a: no answer (ConnectionError)", error.Message);
    }

    [Theory]
    [InlineData("""{"message":"two\nlines\u0007\u2028and \u001b[31mcolour"}""", "two lines  and  [31mcolour")]
    [InlineData("""{"message":""}""", "HTTP 500")]
    [InlineData("""{"message":{"deep":[]}}""", "HTTP 500")]
    [InlineData("<html>gateway</html>", "HTTP 500")]
    [InlineData("", "HTTP 500")]
    public async Task Takes_one_clean_line_from_the_server(string body, string cause)
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Json(500, body));
        using var client = new ClusterClient(server.Connection, TimeProvider.System, "tests/0");

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            client.FindAsync(ResourceKind.Secret, Key, Cancel)
        );

        Assert.Equal($"cannot get Secret ns/a: {cause}", error.Message);
        Assert.Equal(500, error.Status);
    }

    [Fact]
    public async Task Takes_at_most_256_characters_from_the_server()
    {
        using var server = new LoopbackServer(_ =>
            LoopbackServer.Json(400, $$"""{"message":"{{new string('x', 5000)}}"}""")
        );
        using var client = new ClusterClient(server.Connection, TimeProvider.System, "tests/0");

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            client.FindAsync(ResourceKind.Secret, Key, Cancel)
        );

        Assert.Equal($"cannot get Secret ns/a: {new string('x', 256)}…", error.Message);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{\"items\":")]
    [InlineData("{\"metadata\":{},\"items\":[]}")]
    [InlineData("{\"metadata\":{\"resourceVersion\":\"1\"},\"items\":{}}")]
    public async Task Throws_when_a_list_cannot_be_read(string body)
    {
        using var server = new LoopbackServer(_ => LoopbackServer.Json(200, body));
        using var client = new ClusterClient(server.Connection, TimeProvider.System, "tests/0");

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            client.ListAsync(ResourceKind.Secret, new ListOptions(), Cancel)
        );

        Assert.Equal("cannot list Secret in all namespaces: unreadable answer", error.Message);
    }

    [Fact]
    public async Task Follows_no_redirect()
    {
        var requests = 0;
        using var server = new LoopbackServer(_ =>
        {
            requests++;
            return "HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        });
        using var client = new ClusterClient(server.Connection, TimeProvider.System, "tests/0");

        var error = await Assert.ThrowsAsync<ClusterException>(() =>
            client.FindAsync(ResourceKind.Secret, Key, Cancel)
        );

        Assert.Equal((307, 1), (error.Status, requests));
    }

    [Fact]
    public async Task Puts_the_path_behind_that_of_the_server_and_names_itself()
    {
        var head = "";
        using var server = new LoopbackServer(request =>
        {
            head = request;
            return LoopbackServer.Json(200, "{}");
        });
        var connection = server.Connection with { Server = new Uri(server.Server, "/clusters/c1/") };
        using var client = new ClusterClient(connection, TimeProvider.System, "tests/0");

        await client.FindAsync(ResourceKind.Lease, Key, Cancel);

        Assert.StartsWith(
            "GET /clusters/c1/apis/coordination.k8s.io/v1/namespaces/ns/leases/a HTTP/1.1",
            head,
            StringComparison.Ordinal
        );
        Assert.Contains("\r\nUser-Agent: tests/0\r\n", head, StringComparison.Ordinal);
    }

    private static LoopbackServer Watching(string body) => new(_ => LoopbackServer.Stream(body));

    private static string Line(string type, string name, int version) =>
        $$$$"""{"type":"{{{{type}}}}","object":{"metadata":{"name":"{{{{name}}}}","resourceVersion":"{{{{version}}}}"}}}""";

    private static async Task<List<string>> WatchedAsync(LoopbackServer server)
    {
        using var client = new ClusterClient(server.Connection, TimeProvider.System, "tests/0");
        List<string> seen = [];
        await foreach (var next in client.WatchAsync(ResourceKind.ConfigMap, null, "0", Cancel))
        {
            seen.Add($"{next.Kind} {ResourceJson.KeyOf(next.Object)!.Name}");
        }
        return seen;
    }
}

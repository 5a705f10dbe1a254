using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

public sealed class ConnectionTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edgerelease-kubeconfig-").FullName;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Takes_the_current_context()
    {
        var connection = Kubeconfig.Read(Written("a", Complete("one")), null, TimeProvider.System);

        Assert.Equal(new Uri("https://one.example:6443/"), connection.Server);
        Assert.Equal("team-one", connection.Namespace);
        Assert.False(connection.SkipsVerification);
    }

    [Fact]
    public void Takes_each_entry_from_the_first_file_that_has_it()
    {
        var paths = string.Join(
            Path.PathSeparator,
            Written("a", "current-context: two"),
            Written("b", Complete("one")),
            Path.Combine(folder, "absent"),
            Written("c", Complete("two"))
        );

        Assert.Equal(new Uri("https://two.example:6443/"), Kubeconfig.Read(paths, null, TimeProvider.System).Server);
        Assert.Equal(new Uri("https://one.example:6443/"), Kubeconfig.Read(paths, "one", TimeProvider.System).Server);
    }

    [Theory]
    [InlineData("", "no current-context")]
    [InlineData("current-context: x", "no context named x")]
    [InlineData("{current-context: x, contexts: [{name: x, context: {cluster: y}}]}", "no cluster named y")]
    [InlineData(
        "{current-context: x, contexts: [{name: x, context: {cluster: y}}], clusters: [{name: y, cluster: {}}]}",
        "the cluster has no server"
    )]
    public void Names_what_is_missing(string text, string cause)
    {
        var path = Written("a", text);

        var error = Assert.Throws<ClusterException>(() => Kubeconfig.Read(path, null, TimeProvider.System));

        Assert.Equal($"cannot read kubeconfig {path}: {cause}", error.Message);
    }

    [Theory]
    [InlineData("users: [{name: x, user: {token: canary-secret}")]
    [InlineData(
        "{current-context: x, contexts: [{name: x, context: {cluster: x}}], clusters: [{name: x, cluster: {server: 'https://x', certificate-authority-data: canary-secret}}]}"
    )]
    [InlineData(
        "{current-context: x, contexts: [{name: x, context: {cluster: x}}], clusters: [{name: x, cluster: {server: canary-secret}}]}"
    )]
    public void Keeps_the_text_of_a_broken_file_out_of_the_message(string text)
    {
        var path = Written("a", text);

        var error = Assert.Throws<ClusterException>(() => Kubeconfig.Read(path, null, TimeProvider.System));

        Assert.StartsWith($"cannot read kubeconfig {path}: ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-secret", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_named_file_is_absent()
    {
        var path = Path.Combine(folder, "absent");

        var error = Assert.Throws<ClusterException>(() => Kubeconfig.Read(path, null, TimeProvider.System));

        Assert.Equal($"cannot read kubeconfig {path}: FileNotFoundException", error.Message);
    }

    [Fact]
    public async Task Reads_the_token_file_again_after_10_s()
    {
        List<string> tokens = [];
        using var server = new LoopbackServer(head =>
        {
            tokens.Add(head.Split("Bearer ")[1].Split('\r')[0]);
            return LoopbackServer.Json(200, "{}");
        });
        var clock = new HandClock();
        var token = Written("token", "first\n");
        var path = Written(
            "a",
            $"{{current-context: x, contexts: [{{name: x, context: {{cluster: x, user: x}}}}], clusters: [{{name: x, cluster: {{server: '{server.Server}'}}}}], users: [{{name: x, user: {{tokenFile: token}}}}]}}"
        );
        using var client = new ClusterClient(Kubeconfig.Read(path, null, clock), clock, "tests/0");

        await client.FindAsync(ResourceKind.Secret, new ResourceKey("ns", "a"), Cancel);
        await File.WriteAllTextAsync(token, "second\n", Cancel);
        clock.Advance(TimeSpan.FromSeconds(9));
        await client.FindAsync(ResourceKind.Secret, new ResourceKey("ns", "a"), Cancel);
        clock.Advance(TimeSpan.FromSeconds(1));
        await client.FindAsync(ResourceKind.Secret, new ResourceKey("ns", "a"), Cancel);

        Assert.Equal(["first", "first", "second"], tokens);
    }

    private static string Complete(string name) =>
        $"""
            current-context: {name}
            clusters:
              - name: {name}
                cluster:
                  server: https://{name}.example:6443
            contexts:
              - name: {name}
                context:
                  cluster: {name}
                  user: {name}
                  namespace: team-{name}
            users:
              - name: {name}
                user:
                  token: secret
            """;

    private string Written(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}

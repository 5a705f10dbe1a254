using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Cli;

/// <summary>What cannot be done is said in one line that says what to do, with an exit code of its own.</summary>
public sealed class BadInputTests(ControlPlaneFixture controlPlane)
{
    [Theory]
    [InlineData("get")]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("devices")]
    [InlineData("approve")]
    [InlineData("promote")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("abort")]
    [InlineData("retry")]
    [InlineData("undo")]
    public async Task Names_the_releases_that_there_are_when_one_is_unknown(string command)
    {
        await Crds.InstallAsync(controlPlane.Kubeconfig);
        var ns = await controlPlane.NewNamespaceAsync();

        var said = await new Plugin(controlPlane.Kubectl, controlPlane.Kubeconfig, ns).RunAsync(command, "nothing");

        Fails(said, "there is no release nothing in this namespace: there is none here");
    }

    [Fact]
    public async Task Says_what_to_do_without_a_cluster()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            file,
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: u, user: {}}]
            """,
            TestContext.Current.CancellationToken
        );

        var said = await new Plugin(controlPlane.Kubectl, file, "default").RunAsync("get", "line-monitor");

        File.Delete(file);
        Fails(said, "cannot reach the cluster: ");
    }

    [Fact]
    public async Task Says_what_to_do_without_a_kubeconfig() =>
        Fails(
            await new Plugin(controlPlane.Kubectl, "/nowhere/config", "default").RunAsync("status", "line-monitor"),
            "cannot reach the cluster: "
        );

    [Fact]
    public async Task Says_what_to_do_without_kubectl() =>
        Fails(
            await new Plugin(null, controlPlane.Kubeconfig, "default").RunAsync("get", "line-monitor"),
            "kubectl is not on the PATH: install it"
        );

    private static void Fails(Said said, string part)
    {
        Assert.True(said is { Code: 1, Output: "" }, said.ToString());
        Assert.StartsWith($"error: {part}", said.Error, StringComparison.Ordinal);
        Assert.Equal(1, said.Error.Count(c => c == '\n'));
    }
}

using System.Text.Json.Nodes;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Cli;

/// <summary>What cannot be done is said in one line that says what to do, with an exit code of its own.</summary>
public sealed class BadInputTests(ControlPlaneFixture controlPlane)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

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
    [InlineData("why", "575ed18f7ae143cd83dc4aa6")]
    [InlineData("export", "575ed18f7ae143cd83dc4aa6", "--callback", "https://bench.example/hook")]
    public async Task Names_the_releases_that_there_are_when_one_is_unknown(string command, params string[] more)
    {
        await Crds.InstallAsync(controlPlane.Kubeconfig);
        var ns = await controlPlane.NewNamespaceAsync();

        var said = await new Plugin(controlPlane.Kubectl, controlPlane.Kubeconfig, ns).RunAsync([
            command,
            "nothing",
            .. more,
        ]);

        Fails(said, "there is no release nothing in this namespace: there is none here");
    }

    [Theory]
    [InlineData("/nowhere/release.yaml", "cannot read /nowhere/release.yaml")]
    [InlineData("/dev/null", "/dev/null has 0 objects of kind EdgeRelease: give one with exactly one")]
    public async Task Says_what_is_wrong_with_the_file_of_a_plan(string file, string part) =>
        Fails(
            await new Plugin(controlPlane.Kubectl, controlPlane.Kubeconfig, "default").RunAsync("plan", "-f", file),
            part
        );

    [Fact]
    public async Task Says_where_there_is_no_release()
    {
        await Crds.InstallAsync(controlPlane.Kubeconfig);
        var ns = await controlPlane.NewNamespaceAsync();

        var said = await new Plugin(controlPlane.Kubectl, controlPlane.Kubeconfig, ns).RunAsync("get");

        Assert.True(said is { Code: 0, Output: "" }, said.ToString());
        Assert.StartsWith($"there is no release in namespace {ns}: create one", said.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("get")]
    [InlineData("status")]
    [InlineData("pause")]
    public async Task Says_whom_to_ask_for_a_right_that_is_missing(string command)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, Nobody(), TestContext.Current.CancellationToken);

        var said = await new Plugin(controlPlane.Kubectl, file, "default").RunAsync(command, "line-monitor");

        File.Delete(file);
        Assert.True(said is { Code: 1, Output: "" }, said.ToString());
        Assert.Contains(": ask who runs the cluster for that right", said.Error, StringComparison.Ordinal);
        Assert.Equal(1, said.Error.Count(c => c == '\n'));
    }

    /// <summary>A kubeconfig of the cluster for somebody without any right.</summary>
    private string Nobody()
    {
        var config = Yaml.Documents(File.ReadAllText(controlPlane.Kubeconfig))[0];
        config["users"]![0]!["user"]!["as"] = "nobody";
        return config.ToJsonString();
    }

    [Fact]
    public async Task Says_what_to_do_where_kubectl_would_ask_for_a_password()
    {
        var config = Yaml.Documents(await File.ReadAllTextAsync(controlPlane.Kubeconfig, Cancel))[0];
        config["users"]![0]!["user"] = new JsonObject();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, config.ToJsonString(), Cancel);

        var said = await new Plugin(controlPlane.Kubectl, file, "default").RunAsync("get", "line-monitor");

        File.Delete(file);
        Fails(said, "kubectl asks for a user and a password: set up a login");
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

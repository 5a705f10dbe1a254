using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>One test's own namespace, simulated Losant and operators; ends the processes when it is disposed of.</summary>
internal sealed class Stage : IAsyncDisposable
{
    public static readonly ResourceKind Releases = new("edgerelease.dev", "v1alpha1", "edgereleases", "EdgeRelease");
    public static readonly ResourceKind Revisions = new(
        "edgerelease.dev",
        "v1alpha1",
        "edgereleaserevisions",
        "EdgeReleaseRevision"
    );

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly string folder = Directory.CreateTempSubdirectory("edgerelease-stage-").FullName;
    private readonly List<OperatorProcess> operators = [];
    private readonly string kubectl;
    private readonly string kubeconfig;

    private Stage(string kubectl, string kubeconfig, ClusterClient cluster, string ns)
    {
        (this.kubectl, this.kubeconfig) = (kubectl, kubeconfig);
        (Cluster, Namespace) = (cluster, ns);
    }

    public ClusterClient Cluster { get; }

    public string Namespace { get; }

    /// <summary>Killed and replaced by nobody else: tests hold on to it.</summary>
    public LosantProcess Losant { get; private set; } = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A namespace of the shared API server and a fleet; nothing is applied and no operator runs.</summary>
    public static async Task<Stage> OpenAsync(
        ControlPlaneFixture shared,
        int devices = 60,
        int microcontrollers = 0,
        string token = "t0ken"
    )
    {
        await Crds.InstallAsync(shared.Kubeconfig);
        var stage = new Stage(shared.Kubectl, shared.Kubeconfig, shared.Cluster, await shared.NewNamespaceAsync());
        stage.Losant = await LosantProcess.StartAsync(devices, microcontrollers, token);
        return stage;
    }

    /// <summary>The same in the default namespace of an API server of the test's own.</summary>
    public static async Task<Stage> OpenAsync(ControlPlaneFixture shared, ControlPlane own, ClusterClient cluster)
    {
        await Crds.InstallAsync(own.Kubeconfig);
        return new Stage(shared.Kubectl, own.Kubeconfig, cluster, "default")
        {
            Losant = await LosantProcess.StartAsync(60),
        };
    }

    /// <summary>Applies Secret and LosantApplication, and starts an operator.</summary>
    public async Task<OperatorProcess> ConnectAsync(string api = "requestsPerSecond: 50, pollActive: 1s, pollIdle: 2s")
    {
        await ApplyAsync(Manifests.Secret(Losant.Token));
        await ApplyAsync(Manifests.Application(Losant.Url, Losant.ApplicationId, api));
        return await StartOperatorAsync();
    }

    public async Task<OperatorProcess> StartOperatorAsync(params string[] more) =>
        Kept(await OperatorProcess.StartAsync(kubeconfig, Namespace, more));

    /// <summary>Starts an operator as somebody else, with the arguments of the caller only.</summary>
    public async Task<OperatorProcess> StartOperatorAsAsync(string account, params string[] arguments) =>
        Kept(await OperatorProcess.StartAsync(account, arguments));

    /// <summary>Applies a manifest as a user does, or as a Git tool does.</summary>
    public async Task ApplyAsync(string yaml, bool serverSide = false)
    {
        var file = Path.Combine(folder, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, yaml, Cancel);
        string[] how = serverSide ? ["--server-side", "--field-manager=git-tool"] : [];
        await KubectlAsync(["apply", "-f", file, .. how]);
    }

    /// <summary>Edits the release by a merge patch.</summary>
    public Task<string> PatchAsync(string patch) =>
        KubectlAsync("patch", "edgerelease", "line-monitor", "--type=merge", "--patch", patch);

    /// <summary>Freezes the LosantApplication as its owner does.</summary>
    /// <param name="frozen">The value of spec.frozen as JSON; <c>null</c> ends it.</param>
    public Task<string> FreezeAsync(string frozen) =>
        KubectlAsync(
            "patch",
            "losantapplication",
            "plant-a",
            "--type=merge",
            "--patch",
            $$"""{"spec": {"frozen": {{frozen}} } }"""
        );

    public Task<string> KubectlAsync(params string[] arguments) =>
        ControlPlane.RunAsync(
            kubectl,
            [
                "--kubeconfig",
                kubeconfig,
                "--cache-dir",
                Path.Combine(folder, "cache"),
                "--namespace",
                Namespace,
                .. arguments,
            ]
        );

    /// <summary>The release as it is; null when there is none.</summary>
    public Task<JsonElement?> FindReleaseAsync(string name = "line-monitor") =>
        Cluster.FindAsync(Releases, new ResourceKey(Namespace, name), Cancel);

    /// <summary>Waits until the status of the release shows something, and returns the status.</summary>
    public async Task<Status> UntilAsync(
        Func<Status, bool> shown,
        int seconds = 90,
        [CallerArgumentExpression(nameof(shown))] string text = ""
    )
    {
        Status? last = null;
        await HoldsAsync(
            async () => (last = Status.Of(await FindReleaseAsync())) is { } status && shown(status),
            seconds,
            () => $"{text}; it is {last}"
        );
        return last!;
    }

    /// <summary>Waits until the release is in a phase that speaks of its present spec.</summary>
    public Task<Status> UntilPhaseAsync(string phase, int seconds = 90) =>
        UntilAsync(status => status.Phase == phase && status.IsObserved, seconds, phase);

    /// <summary>Waits until the record shows something, and returns it.</summary>
    public async Task<Record> UntilRecordAsync(
        Func<Record, bool> shown,
        int seconds = 60,
        [CallerArgumentExpression(nameof(shown))] string text = ""
    )
    {
        Record? last = null;
        await HoldsAsync(async () => shown(last = await Losant.RecordAsync()), seconds, () => text);
        return last!;
    }

    /// <summary>The Events about objects of a kind.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string kind = "EdgeRelease")
    {
        var page = await Cluster.ListAsync(ResourceKind.Event, new ListOptions { Namespace = Namespace }, Cancel);
        return [.. page.Items.Where(item => item.GetProperty("regarding").GetProperty("kind").GetString() == kind)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in operators)
        {
            await started.DisposeAsync();
        }

        await Losant.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private OperatorProcess Kept(OperatorProcess started)
    {
        operators.Add(started);
        return started;
    }

    private async Task HoldsAsync(Func<Task<bool>> condition, int seconds, Func<string> text)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed.TotalSeconds > seconds)
            {
                var said = operators.TakeLast(2).SelectMany(started => started.Child.Lines.TakeLast(30));
                throw new TimeoutException($"not within {seconds} s: {text()}\n{string.Join('\n', said)}");
            }

            await Task.Delay(Pause, TimeProvider.System, Cancel);
        }
    }
}

using System.Text.Json;
using EdgeRelease.Kubernetes;
using EdgeRelease.Tests.EndToEnd;
using Xunit;

[assembly: AssemblyFixture(typeof(ControlPlaneFixture))]

// The tests wait for other processes more than they work.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace EdgeRelease.Tests.EndToEnd;

/// <summary>The real API server that all end-to-end tests share: that of USE_EXISTING_CLUSTER=true and KUBECONFIG,
/// else the running one in EDGERELEASE_TEST_CONTROLPLANE, else one that is started for this run.</summary>
public sealed class ControlPlaneFixture : IAsyncLifetime
{
    private static readonly ResourceKind Namespaces = new("", "v1", "namespaces", "Namespace");

    private readonly List<ControlPlane> privates = [];
    private readonly List<string> namespaces = [];
    private readonly string folder = Directory.CreateTempSubdirectory("edgerelease-e2e-").FullName;
    private readonly ControlPlane shared;
    private readonly bool isExisting = Environment.GetEnvironmentVariable("USE_EXISTING_CLUSTER") is "true";
    private readonly bool isRunning;

    /// <summary>The administrator's kubeconfig.</summary>
    public string Kubeconfig => shared.Kubeconfig;

    /// <summary>The path of kubectl.</summary>
    public string Kubectl { get; private set; } = "";

    /// <summary>A client as the administrator, for all tests.</summary>
    public ClusterClient Cluster { get; private set; } = null!;

    public ControlPlaneFixture()
    {
        var running = Environment.GetEnvironmentVariable("EDGERELEASE_TEST_CONTROLPLANE");
        isRunning = !isExisting && !string.IsNullOrEmpty(running);
        shared = new ControlPlane(isRunning ? running! : Path.Combine(folder, "shared"));
    }

    public async ValueTask InitializeAsync()
    {
        if (!isRunning)
        {
            await shared.StartAsync();
        }
        Kubectl = await ControlPlane.ToolAsync("kubectl");
        Cluster = shared.Connect();
    }

    /// <summary>The connection that <see cref="Cluster"/> uses.</summary>
    public ClusterConnection Connection() => shared.Connection();

    /// <summary>A new namespace, gone with the control plane.</summary>
    public async Task<string> NewNamespaceAsync()
    {
        var name = $"t-{Guid.NewGuid():N}"[..14];
        var body = JsonElement.Parse($$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        await Cluster.CreateAsync(Namespaces, body, CancellationToken.None);
        lock (namespaces)
        {
            namespaces.Add(name);
        }
        return name;
    }

    /// <summary>Runs kubectl as the administrator and returns its output.</summary>
    public Task<string> KubectlAsync(params string[] arguments) =>
        ControlPlane.RunAsync(
            Kubectl,
            ["--kubeconfig", Kubeconfig, "--cache-dir", Path.Combine(folder, "kubectl-cache"), .. arguments]
        );

    /// <summary>A control plane of its own, for a test that stops it. Stopped at the end of the run.</summary>
    /// <param name="apiServerArguments">More arguments of kube-apiserver, separated by blanks.</param>
    public async Task<ControlPlane> StartPrivateAsync(string apiServerArguments = "")
    {
        ControlPlane started;
        lock (privates)
        {
            started = new ControlPlane(
                Path.Combine(folder, $"private-{privates.Count}"),
                new() { ["USE_EXISTING_CLUSTER"] = "", ["API_SERVER_ARGS"] = apiServerArguments }
            );
            privates.Add(started);
        }
        await started.StartAsync();
        return started;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var own in privates)
        {
            await own.StopAsync();
        }
        if (isExisting || isRunning)
        {
            foreach (var name in namespaces)
            {
                await Cluster.DeleteAsync(Namespaces, new ResourceKey("", name), null, CancellationToken.None);
            }
        }
        else
        {
            await shared.StopAsync();
        }
        Cluster?.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}

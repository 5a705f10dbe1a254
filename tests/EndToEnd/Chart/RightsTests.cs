using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>The chart grants exactly what the operator calls, as the audit log of a real API server has it. With
/// UPDATE_GOLDEN=1 the operator may do everything, and <c>files/rbac.yaml</c> is written from what it did.</summary>
public sealed class RightsTests(ControlPlaneFixture controlPlane) : IAsyncLifetime
{
    /// <summary>Where the chart is installed; releases are in the namespace <c>default</c>.</summary>
    private const string Home = "rollouts";

    private const string Account = $"system:serviceaccount:{Home}:edgerelease";

    private static readonly bool IsUpdating = Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1";

    /// <summary>What OpenShift has on: an owner may be set only by whoever may set its finalizers.</summary>
    private const string Admission = "--enable-admission-plugins=OwnerReferencesPermissionEnforcement";

    private readonly AuditLog audit = new();
    private ControlPlane plane = null!;
    private OperatorAccount account = null!;
    private ClusterClient cluster = null!;

    public async ValueTask InitializeAsync()
    {
        plane = await controlPlane.StartPrivateAsync($"{audit.Arguments} {Admission}");
        account = new OperatorAccount(plane, Home);
        cluster = plane.Connect();
        await plane.KubectlAsync("create", "namespace", Home);
    }

    public async ValueTask DisposeAsync()
    {
        cluster.Dispose();
        await plane.StopAsync();
        audit.Dispose();
        account.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(false, "default")]
    [InlineData(true)]
    public async Task Grant_what_the_operator_calls_and_nothing_else(bool isGuarded, params string[] namespaces)
    {
        var granted = Right.Granted(await BindAsync(isGuarded, namespaces));

        var used = await UseAsync(isGuarded, namespaces);

        if (IsUpdating && isGuarded)
        {
            Write(used);
        }

        Assert.Empty(used.Except(granted));
        Assert.Empty(granted.Except(used));
    }

    [Fact]
    public async Task End_at_the_namespaces_that_the_operator_works_in()
    {
        await BindAsync(false, "default");
        await Crds.InstallAsync(plane.Kubeconfig);
        await plane.KubectlAsync("create", "secret", "generic", "other", "--namespace=kube-system");
        using var client = new ClusterClient(
            Kubeconfig.Read(await account.LoginAsync(), null, TimeProvider.System),
            TimeProvider.System,
            "edgerelease-tests/0"
        );
        var elsewhere = new ResourceKey("kube-system", "other");
        var (cancel, here) = (TestContext.Current.CancellationToken, new ListOptions { Namespace = "default" });

        await client.ListAsync(Stage.Releases, here, cancel);
        await RefusedAsync(() => client.FindAsync(ResourceKind.Secret, elsewhere, cancel));
        await RefusedAsync(() => client.ListAsync(ResourceKind.Secret, here, cancel));
        await RefusedAsync(() => client.ListAsync(Stage.Releases, new ListOptions(), cancel));
        await RefusedAsync(() => client.ListAsync(Stage.Releases, here with { Namespace = "kube-system" }, cancel));
        await RefusedAsync(() => client.FindAsync(Stage.Revisions, elsewhere, cancel));
        await RefusedAsync(() => client.DeleteAsync(Stage.Revisions, elsewhere, null, cancel));
        await RefusedAsync(() => client.FindAsync(ResourceKind.Lease, elsewhere with { Namespace = Home }, cancel));
    }

    /// <summary>Installs the chart's account and roles; returns the roles that the operator has.</summary>
    private async Task<IReadOnlyList<JsonObject>> BindAsync(bool isGuarded, params string[] namespaces)
    {
        var all = await Helm.ObjectsAsync(
            "--namespace",
            Home,
            "--set-json",
            $"watchNamespaces=[{string.Join(',', namespaces.Select(ns => $"\"{ns}\""))}]",
            "--set",
            $"rbac.aggregateRoles=false,monitoring.https.enabled={(isGuarded ? "true" : "false")}"
        );
        await account.BindAsync(all);
        string[] admin = ["clusterrolebinding", "admin", "--clusterrole=cluster-admin"];
        if (IsUpdating)
        {
            await plane.KubectlAsync(["create", .. admin, $"--serviceaccount={Home}:edgerelease"]);
        }

        return
        [
            .. all.Where(each => Helm.Kind(each) is "Role" or "ClusterRole")
                .Where(each => Helm.Name(each) != "ClusterRole edgerelease-metrics-reader"), // that of Prometheus
        ];
    }

    private async Task<HashSet<Right>> UseAsync(bool isGuarded, string[] namespaces)
    {
        await using var stage = await Stage.OpenAsync(controlPlane, plane, cluster);
        var where = namespaces.Select(ns => $"--watch-namespace={ns}");
        var how = isGuarded ? "--metrics-https=true" : "--workers=2";
        var started = await stage.StartOperatorAsAsync(
            await account.LoginAsync(),
            [.. where, how, $"--lease-namespace={Home}"]
        );
        Assert.Equal(
            isGuarded && !IsUpdating ? 403 : 200,
            await Metrics.StatusAsync(started.Metrics, await account.TokenAsync())
        );
        await Deeds.DoAsync(stage, started);
        var calls = await audit.CallsAsync(Account);

        Assert.All(calls, call => Assert.True(call.TryGetProperty("objectRef", out _), call.ToString()));
        Assert.All(calls, call => Assert.True(AuditLog.IsAllowed(call), call.ToString()));
        var places = calls.Select(AuditLog.Namespace).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(namespaces.Length == 0 ? ["", "default", Home] : ["default", Home], places);
        return [.. calls.Select(Right.Used)];
    }

    private static async Task RefusedAsync(Func<Task> call) =>
        Assert.Equal(403, (await Assert.ThrowsAsync<ClusterException>(call)).Status);

    private static void Write(HashSet<Right> used)
    {
        var lookup = used.ToLookup(right =>
            right.Resource == "leases" ? "leader"
            : right.Resource.EndsWith("reviews", StringComparison.Ordinal) ? "metrics"
            : "work"
        );
        File.WriteAllText(
            Path.Combine(Helm.Chart, "files", "rbac.yaml"),
            "# What the operator calls, written from the audit log of a real API server by tests/EndToEnd/Chart/RightsTests.cs.\n"
                + "# In each namespace that it works in:\n"
                + $"work:\n{Right.Rules(lookup["work"])}"
                + "# In its own, for the Lease by which the replicas agree on a leader; a name cannot bound what is created:\n"
                + $"leader:\n{Right.Rules(lookup["leader"])}"
                + "# In the cluster, where callers of the metrics are asked about:\n"
                + $"metrics:\n{Right.Rules(lookup["metrics"])}"
        );
    }
}

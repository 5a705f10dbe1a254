using System.Security.Cryptography;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace EdgeRelease.Host;

/// <summary>The process from start to end: endpoints, leadership, terms of the controller.</summary>
internal static class Lifetime
{
    /// <summary>How long the pass under way may take to end: within the 30 s that Kubernetes gives a pod.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(20);

    private static readonly string Identity = $"{Environment.MachineName}_{Guid.NewGuid()}";

    /// <summary>Runs until SIGTERM or SIGINT; then finishes the pass under way and releases the lease.</summary>
    public static async Task<int> RunAsync(HostSettings settings, CancellationToken stop)
    {
        ClusterConnection connection;
        ServingCertificate? certificate;
        try
        {
            connection = ClusterConnection.Find(settings.Kubeconfig, null, TimeProvider.System);
            certificate = settings.MetricsHttps ? new ServingCertificate(settings.MetricsCertificate) : null;
        }
        catch (ClusterException e)
        {
            return await RefusedAsync($"cannot find an API server: {e.Message}");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return await RefusedAsync($"cannot read the certificate of the metrics: {e.Message}");
        }

        using (certificate)
        {
            return await RunAsync(settings, connection, certificate, stop);
        }
    }

    private static async Task<int> RefusedAsync(string why)
    {
        await Console.Error.WriteLineAsync(why);
        return 1;
    }

    private static async Task<int> RunAsync(
        HostSettings settings,
        ClusterConnection connection,
        ServingCertificate? certificate,
        CancellationToken stop
    )
    {
        using var metrics = new ReleaseMetrics(TimeProvider.System);
        await using var endpoints = Endpoints.Of(settings, certificate);
        var log = endpoints.Services.GetRequiredService<ILoggerFactory>().CreateLogger("edgerelease");
        using var cluster = new ClusterClient(connection, TimeProvider.System, "edgerelease-operator");
        using var losant = new LosantConnector(
            new LosantOptions { AllowedHosts = settings.LosantHosts, Observe = metrics.Requested }
        );
        var replica = new Replica(Ports(cluster, losant, metrics, log), Options(settings));
        using var guard = settings.MetricsHttps ? new MetricsGuard(cluster.AskAsync, TimeProvider.System, log) : null;
        Endpoints.Map(endpoints, replica, guard);
        await endpoints.StartAsync(stop);
        Started(endpoints, log);
        try
        {
            using var kill = new CancellationTokenSource();
            await using var _ = stop.Register(() => kill.CancelAfter(Grace)).ConfigureAwait(false);
            await replica.RunAsync(stop, kill.Token);
            return 0;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            HostLines.Ended(log, e.Message, e);
            return 1;
        }
        finally
        {
            await endpoints.StopAsync(CancellationToken.None);
        }
    }

    private static Ports Ports(ICluster cluster, ILosantConnector losant, ReleaseMetrics metrics, ILogger log) =>
        new()
        {
            Cluster = cluster,
            Losant = losant,
            Time = TimeProvider.System,
            Random = Random.Shared,
            Log = log,
            Metrics = metrics,
            Instance = Identity,
        };

    private static ReplicaOptions Options(HostSettings settings) =>
        new()
        {
            Identity = Identity,
            Lease = settings.LeaderElect
                ? new ResourceKey(settings.LeaseNamespace ?? ServiceAccount.Namespace() ?? "default", "edgerelease")
                : null,
            Operator = new OperatorOptions { Namespaces = settings.Namespaces, Workers = settings.Workers },
        };

    private static void Started(WebApplication endpoints, ILogger log)
    {
        var addresses = endpoints
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.ToList();
        HostLines.Started(log, Reachable(addresses[0]), Reachable(addresses[^1]));
    }

    private static string Reachable(string address) =>
        address
            .Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal)
            .Replace("[::]", "127.0.0.1", StringComparison.Ordinal);
}

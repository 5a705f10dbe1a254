using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeRelease.Cli;

/// <summary>Looks at Losant as the operator does, with the token that the user may read, and writes nothing.</summary>
/// <param name="cluster">The namespace.</param>
/// <param name="hosts">Hosts that an application may name.</param>
/// <param name="time">The clock.</param>
internal sealed class Lookout(Cluster cluster, IReadOnlyList<string> hosts, TimeProvider time)
{
    /// <summary>The option of the hosts that a token may be sent to.</summary>
    public static Option<string[]> Hosts() =>
        new("--losant-host")
        {
            Description = "host that apiUrl may name, repeatable; default api.losant.com. A loopback host may use http",
            DefaultValueFactory = _ => ["api.losant.com"],
            HelpName = "HOST",
        };

    /// <summary>What the next pass over a release would decide.</summary>
    /// <exception cref="CliException">It cannot be planned.</exception>
    public async Task<Preview> LookAsync(ReleaseObject release, CancellationToken cancel)
    {
        using var connector = Connector();
        using var metrics = new ReleaseMetrics(time);
        try
        {
            var releases = await ListAsync(Kinds.Release, cancel);
            var applications = await ListAsync(Kinds.Application, cancel);
            var preview = await Preview.OfAsync(Ports(connector, metrics), release, releases, applications, cancel);
            return preview.Wanted.Obstacle is { } obstacle
                ? throw new CliException($"{obstacle.Reason}: {obstacle.Message}")
                : preview;
        }
        catch (LosantException e)
        {
            throw Refused(e);
        }
        catch (LedgerException e)
        {
            throw new CliException(e.Message);
        }
    }

    /// <summary>Whether Losant knows a device.</summary>
    public async Task<bool> KnowsAsync(Preview preview, Observation.DeviceId device, CancellationToken cancel)
    {
        using var connector = Connector();
        using var metrics = new ReleaseMetrics(time);
        var accounts = new Accounts(Ports(connector, metrics), new ResourceStore());
        var (losant, _) = await accounts.OpenAsync(preview.Wanted.Account!, cancel);
        return losant is not null && (await losant.FindDevicesAsync([device], cancel)).Count > 0;
    }

    /// <summary>The LosantApplications of the namespace.</summary>
    public async Task<IReadOnlyList<System.Text.Json.JsonElement>> ListAsync(
        ResourceKind kind,
        CancellationToken cancel
    ) => (await cluster.Reads.ListAsync(kind, new ListOptions(), cancel)).Items;

    /// <summary>The connection of an application.</summary>
    /// <returns>The connection, or what is missing.</returns>
    public async Task<(ILosant? Losant, string? Missing)> OpenAsync(
        LosantConnector connector,
        ApplicationObject application,
        CancellationToken cancel
    )
    {
        using var metrics = new ReleaseMetrics(time);
        var accounts = new Accounts(Ports(connector, metrics), new ResourceStore());
        var (losant, wanted) = await accounts.OpenAsync(application, cancel);
        return (losant, wanted?.Obstacle?.Message);
    }

    /// <summary>Connections to Losant; the caller ends them.</summary>
    public LosantConnector Connector() => new(new LosantOptions { AllowedHosts = hosts, Time = time });

    /// <summary>An error of Losant, and what to do where its own words do not say it.</summary>
    public static CliException Refused(LosantException e) =>
        new(
            e.Reason switch
            {
                LosantReason.HostNotAllowed => $"{e.Message}; allow it with --losant-host",
                LosantReason.CredentialsRejected => $"{e.Message}; see {Verb.Prefix}doctor",
                _ => e.Message,
            }
        );

    private Ports Ports(LosantConnector connector, ReleaseMetrics metrics) =>
        new()
        {
            Cluster = cluster.Reads,
            Losant = connector,
            Time = time,
            Random = Random.Shared,
            Log = NullLogger.Instance,
            Metrics = metrics,
        };

    /// <summary>A release of a file as it would be in the cluster: with what the one of its name has there.</summary>
    /// <param name="file">The file's path.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<ReleaseObject> PlannedAsync(string file, CancellationToken cancel)
    {
        var document = Manifests.Read(file).Where(each => Manifests.Kind(each) == Kinds.Release.Kind).ToList();
        var json = Manifests.Only(document, Kinds.Release, file);
        var name = ResourceJson.KeyOf(json)?.Name ?? throw new CliException($"{file} has a release without a name");
        if (await cluster.Reads.FindAsync(Kinds.Release, new ResourceKey("", name), cancel) is { } there)
        {
            return Cluster.Read(ResourceJson.Edited(there, root => root["spec"] = Spec(json)));
        }

        var ns = await cluster.NamespaceAsync(cancel);
        var metadata = new JsonObject { ["name"] = name, ["namespace"] = ns };
        return Cluster.Read(ResourceJson.Edited(json, root => root["metadata"] = metadata));
    }

    private static JsonObject? Spec(System.Text.Json.JsonElement json) =>
        json.TryGetProperty("spec", out var spec) ? JsonObject.Create(spec) : null;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Crd;

/// <summary>An API server that runs the CEL rules of EdgeRelease's CRDs.</summary>
public sealed class CelPlane : IAsyncLifetime
{
    private static readonly ResourceKind Namespaces = new("", "v1", "namespaces", "Namespace");

    private readonly string folder = Directory.CreateTempSubdirectory("edgerelease-crd-").FullName;
    private readonly ControlPlane plane;
    private ClusterClient? cluster;
    private string? missing;

    public CelPlane() => plane = new ControlPlane(folder, new() { ["WITH_CRD_SERVER"] = "1", ["CRDS"] = Files() });

    private string Namespace { get; } = $"crd-{Guid.NewGuid():N}"[..16];

    /// <summary>The client of the administrator; skips the test where there is no such server.</summary>
    public ClusterClient Cluster
    {
        get
        {
            Assert.SkipWhen(missing is not null, missing ?? "");
            return cluster!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        missing = await plane.TryStartAsync();
        if (missing is not null)
        {
            return;
        }

        cluster = plane.Connect();
        var body = new JsonObject { ["metadata"] = new JsonObject { ["name"] = Namespace } };
        body["apiVersion"] = "v1";
        body["kind"] = "Namespace";
        await cluster.CreateAsync(Namespaces, Element(body), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
        {
            await cluster.DeleteAsync(Namespaces, new ResourceKey("", Namespace), null, CancellationToken.None);
            cluster.Dispose();
        }

        await plane.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Installs another CRD and waits until its kind is served.</summary>
    /// <param name="definition">The CRD as YAML.</param>
    public async Task InstallAsync(string definition)
    {
        var file = Path.Combine(folder, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, definition, Cancel);
        var script = Path.Combine(ControlPlane.RepositoryRoot(), "tests", "ControlPlane", "install-crds.sh");
        await ControlPlane.RunAsync("bash", [script, folder, file]);
    }

    /// <summary>Creates an object, or says why the server refuses it.</summary>
    public async Task<(JsonElement? Stored, string Refusal)> CreateAsync(ApiKind kind, JsonNode? spec)
    {
        var body = new JsonObject
        {
            ["apiVersion"] = ApiGroup.ApiVersion,
            ["kind"] = kind.Name,
            ["metadata"] = new JsonObject { ["namespace"] = Namespace, ["name"] = $"o-{Guid.NewGuid():N}" },
            ["spec"] = spec?.DeepClone(),
        };
        return await TriedAsync(() => Cluster.CreateAsync(Of(kind), Element(body), Cancel));
    }

    /// <summary>Replaces the spec of an object, or says why the server refuses it.</summary>
    public async Task<(JsonElement? Stored, string Refusal)> ChangeAsync(
        ApiKind kind,
        JsonElement stored,
        JsonNode spec
    ) =>
        await TriedAsync(() =>
            Cluster.ReplaceAsync(
                Of(kind),
                ResourceJson.Edited(stored, root => root["spec"] = spec.DeepClone()),
                null,
                Cancel
            )
        );

    public static JsonElement Element(JsonNode node) => JsonElement.Parse(node.ToJsonString());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static ResourceKind Of(ApiKind kind) => new(ApiGroup.Name, ApiGroup.Version, kind.Plural, kind.Name);

    private static async Task<(JsonElement? Stored, string Refusal)> TriedAsync(Func<Task<JsonElement>> write)
    {
        try
        {
            return (await write(), "");
        }
        catch (ClusterException e) when (e.Status is 400 or 422)
        {
            return (null, e.Message);
        }
    }

    private static string Files() =>
        string.Join(' ', Directory.GetFiles(Path.Combine(ControlPlane.RepositoryRoot(), "crds"), "*.yaml"));
}

/// <summary>The tests that share one such server.</summary>
[CollectionDefinition(nameof(CelCollection))]
public sealed class CelCollection : ICollectionFixture<CelPlane>;

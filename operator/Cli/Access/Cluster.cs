using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Cli;

/// <summary>The releases of one namespace, and what a person may ask of them.</summary>
/// <param name="kubectl">The user's kubectl.</param>
internal sealed class Cluster(Kubectl kubectl)
{
    /// <summary>Who sets annotations, as the release's history names it (F076).</summary>
    private const string Manager = "kubectl-edgerelease";

    /// <summary>The same, to read.</summary>
    public KubectlCluster Reads { get; } = new(kubectl);

    /// <summary>A release.</summary>
    /// <exception cref="CliException">There is none of the name, or it cannot be read.</exception>
    public async Task<ReleaseObject> ReleaseAsync(string name, CancellationToken cancel) =>
        await Reads.FindAsync(Kinds.Release, new ResourceKey("", name), cancel) is { } json
            ? Read(json)
            : throw await UnknownAsync(name, cancel);

    /// <summary>A release as received.</summary>
    /// <exception cref="CliException">It is not of the contract.</exception>
    public static ReleaseObject Read(JsonElement json)
    {
        try
        {
            return ReleaseObject.Of(json);
        }
        catch (JsonException e)
        {
            throw new CliException($"the release cannot be read, correct its spec: {e.Message}");
        }
    }

    /// <summary>What a release remembers of its devices, each once.</summary>
    /// <exception cref="CliException">A revision object cannot be read.</exception>
    public async Task<IReadOnlyList<LedgerRow>> RowsAsync(ReleaseObject release, CancellationToken cancel)
    {
        try
        {
            var book = await LedgerBook.LoadAsync(Reads, release.Meta, cancel);
            book.Read(release.Status?.Revision ?? book.Revision);
            var committed = Math.Max(release.Status?.Batch ?? 0, book.LastSent);
            return [.. book.Rows(committed).Values.OrderBy(row => row.Device)];
        }
        catch (LedgerException e)
        {
            throw new CliException(e.Message);
        }
    }

    /// <summary>The namespace that is meant: the one of the option, else that of the kubeconfig's context.</summary>
    public async Task<string> NamespaceAsync(CancellationToken cancel)
    {
        string[] ask = ["config", "view", "--minify", "-o", "jsonpath={..namespace}"];
        var configured = kubectl.Namespace ?? await kubectl.RunAsync(ask, cancel);
        return configured.Length == 0 ? "default" : configured;
    }

    /// <summary>kubectl's own table of the releases.</summary>
    public Task<string> TableAsync(string format, CancellationToken cancel) =>
        kubectl.RunAsync(["get", KubectlCluster.Resource(Kinds.Release), "-o", format], cancel);

    /// <summary>Sets an annotation, or takes it away.</summary>
    /// <param name="release">The release.</param>
    /// <param name="annotation">Its key.</param>
    /// <param name="value">Its value; null takes it away.</param>
    /// <param name="cancel">Ends the call.</param>
    public Task AnnotateAsync(ReleaseObject release, string annotation, string? value, CancellationToken cancel)
    {
        var change = value is null ? $"{annotation}-" : $"{annotation}={value}";
        string[] what = ["annotate", KubectlCluster.Resource(Kinds.Release), release.Meta.Name, change];
        return kubectl.RunAsync([.. what, "--overwrite", $"--field-manager={Manager}"], cancel);
    }

    /// <summary>Changes the spec by a JSON merge patch.</summary>
    public Task PatchAsync(ReleaseObject release, string patch, CancellationToken cancel)
    {
        string[] what = ["patch", KubectlCluster.Resource(Kinds.Release), release.Meta.Name, "--type=merge"];
        return kubectl.RunAsync([.. what, "--patch", patch, $"--field-manager={Manager}"], cancel);
    }

    private async Task<CliException> UnknownAsync(string name, CancellationToken cancel)
    {
        var page = await Reads.ListAsync(Kinds.Release, new ListOptions(), cancel);
        var names = page.Items.Select(item => ResourceJson.KeyOf(item)!).Take(5).ToList();
        var there =
            names.Count == 0 ? "there is none here" : $"there is {string.Join(", ", names.Select(key => key.Name))}";
        return new CliException(
            $"there is no release {name} in this namespace: {there}; choose one, or another with -n"
        );
    }
}

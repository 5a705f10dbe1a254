using System.Runtime.CompilerServices;
using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Cli;

/// <summary>The API server as kubectl shows it, to read only: what is written goes through requests of a person.</summary>
/// <param name="kubectl">The user's kubectl; its namespace is that of every call.</param>
internal sealed class KubectlCluster(Kubectl kubectl) : ICluster
{
    private const string Patience = "--request-timeout=20s";

    /// <inheritdoc/>
    public async Task<ResourcePage> ListAsync(ResourceKind kind, ListOptions options, CancellationToken cancel)
    {
        string[] which = options.LabelSelector is { } selector ? ["--selector", selector] : [];
        var text = await kubectl.RunAsync(["get", Resource(kind), .. which, "-o", "json", Patience], cancel);
        var list = JsonElement.Parse(text);
        return new ResourcePage(
            [.. list.GetProperty("items").EnumerateArray()],
            ResourceJson.ResourceVersionOf(list) ?? "",
            null
        );
    }

    /// <inheritdoc/>
    public async Task<JsonElement?> FindAsync(ResourceKind kind, ResourceKey key, CancellationToken cancel)
    {
        try
        {
            string[] ns = key.Namespace.Length == 0 ? [] : ["--namespace", key.Namespace];
            string[] what = ["get", Resource(kind), key.Name, "-o", "json", Patience];
            return JsonElement.Parse(await kubectl.RunAsync([.. what, .. ns], cancel));
        }
        catch (KubectlException e) when (e.Fault == KubectlFault.NotFound)
        {
            return null;
        }
    }

    /// <summary>One object now and at each change, as <c>type</c> and <c>object</c>, until the connection ends.</summary>
    /// <exception cref="KubectlException">There is no such object, or no connection.</exception>
    public async IAsyncEnumerable<JsonElement> FollowAsync(
        ResourceKind kind,
        string name,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        using var process = kubectl.Start(["get", Resource(kind), name, "-o", "json", "-w", "--output-watch-events"]);
        try
        {
            var words = process.StandardError.ReadToEndAsync(cancel);
            var objects = JsonSerializer.DeserializeAsyncEnumerable(
                process.StandardOutput.BaseStream,
                ApiJson.Default.JsonElement,
                topLevelValues: true,
                cancel
            );
            await foreach (var each in objects)
            {
                yield return each;
            }

            await process.WaitForExitAsync(cancel);
            if (process.ExitCode != 0)
            {
                throw KubectlException.Of(await words);
            }
        }
        finally
        {
            Kubectl.End(process);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent> WatchAsync(
        ResourceKind kind,
        string? ns,
        string resourceVersion,
        CancellationToken cancel
    ) => throw ReadOnly();

    /// <inheritdoc/>
    public Task<JsonElement> CreateAsync(ResourceKind kind, JsonElement body, CancellationToken cancel) =>
        throw ReadOnly();

    /// <inheritdoc/>
    public Task<JsonElement> ReplaceAsync(
        ResourceKind kind,
        JsonElement body,
        string? subresource,
        CancellationToken cancel
    ) => throw ReadOnly();

    /// <inheritdoc/>
    public Task DeleteAsync(ResourceKind kind, ResourceKey key, JsonElement? seen, CancellationToken cancel) =>
        throw ReadOnly();

    /// <summary>A kind as kubectl is asked for it, as <c>edgereleases.edgerelease.dev</c>.</summary>
    public static string Resource(ResourceKind kind) =>
        kind.Group.Length == 0 ? kind.Plural : $"{kind.Plural}.{kind.Group}";

    private static NotSupportedException ReadOnly() => new("a command only reads");
}

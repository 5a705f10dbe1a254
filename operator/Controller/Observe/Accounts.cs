using System.Text;
using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>Finds the LosantApplication of a release and opens it with the token of its Secret. The Secret is read by
/// get at each pass and never watched, so that a rotated token is used at once.</summary>
public sealed class Accounts(Ports ports, ResourceStore applications)
{
    private readonly Findings _problems = new();
    private readonly Readings<ApplicationObject> _read = new(ApplicationObject.Of);

    /// <summary>The API server.</summary>
    internal ICluster Cluster => ports.Cluster;

    /// <summary>The LosantApplication that a release means: the one that it names or is pinned to, else the only one,
    /// else the default one.</summary>
    /// <param name="release">The release.</param>
    /// <returns>The object, or the obstacle.</returns>
    public (ApplicationObject? Found, Wanted? Obstacle) Find(ReleaseObject release)
    {
        var ns = release.Key.Namespace;
        if (NameOf(release) is { } name && applications.Find(new ResourceKey(ns, name)) is { } named)
        {
            return Read(new ResourceKey(ns, name), named);
        }

        if (release.Spec.Application is { } asked)
        {
            return (null, Missing($"there is no LosantApplication {asked} in namespace {ns}: create it"));
        }

        var all = applications.All.Where(pair => pair.Key.Namespace == ns).ToList();
        var chosen = all.Count == 1 ? all : all.FindAll(pair => IsDefault(pair.Value));
        return chosen.Count == 1
            ? Pinned(release, Read(chosen[0].Key, chosen[0].Value))
            : (
                null,
                Missing(
                    all.Count == 0
                        ? $"there is no LosantApplication in namespace {ns}: create one"
                        : $"namespace {ns} has {all.Count} LosantApplications: annotate one with {Annotations.DefaultApplication}=true, or create the release anew with spec.application"
                )
            );
    }

    /// <summary>A release whose LosantApplication is gone goes on only by one of the same application.</summary>
    private static (ApplicationObject? Found, Wanted? Obstacle) Pinned(
        ReleaseObject release,
        (ApplicationObject? Found, Wanted? Obstacle) read
    ) =>
        read.Found is { } other
        && release.Status?.Application is { Id: { } id, Name: { } name }
        && !IsSame(id, other.Spec.ApplicationId)
            ? (
                null,
                Missing(
                    $"there is no LosantApplication {name} in namespace {release.Key.Namespace}, and {other.Meta.Name} is another application: create it again"
                )
            )
            : read;

    /// <summary>Whether the LosantApplication of a release was taken away: asked of the server itself, because the watch
    /// may be behind.</summary>
    /// <param name="release">The release.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task<bool> IsGoneAsync(ReleaseObject release, CancellationToken cancel) =>
        NameOf(release) is not { } name
        || await ports.Cluster.FindAsync(Kinds.Application, new ResourceKey(release.Key.Namespace, name), cancel)
            is null;

    /// <summary>Whether two specs mean the same application of the same Losant.</summary>
    /// <param name="one">One, without problems.</param>
    /// <param name="other">The other, without problems.</param>
    public static bool IsSame(LosantApplicationSpec one, LosantApplicationSpec other) =>
        IsSame(one.ApplicationId, other.ApplicationId)
        && new Uri(one.ApiUrl).Authority == new Uri(other.ApiUrl).Authority;

    /// <summary>Whether two ids mean the same application: hexadecimal digits of either case.</summary>
    internal static bool IsSame(string one, string other) =>
        string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string? NameOf(ReleaseObject release) =>
        release.Spec.Application ?? release.Status?.Application?.Name;

    /// <summary>The connection to an application.</summary>
    /// <param name="application">The application.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <returns>The connection, or the obstacle.</returns>
    /// <exception cref="LosantException">The URL or the token cannot be used.</exception>
    public async Task<(ILosant? Losant, Wanted? Obstacle)> OpenAsync(
        ApplicationObject application,
        CancellationToken cancel
    )
    {
        var ns = application.Meta.Key.Namespace;
        var (token, noToken) = await SecretTextAsync(ns, application.Spec.TokenSecretRef, "the token", cancel);
        if (token is null)
        {
            return (null, noToken);
        }

        string? ca = null;
        if (application.Spec.CaSecretRef is { } caRef)
        {
            (ca, var noAuthority) = await SecretTextAsync(ns, caRef, "the certificate authorities", cancel);
            if (ca is null)
            {
                return (null, noAuthority);
            }
        }

        var spec = application.Spec;
        var account = new LosantAccount(spec.ApiUrl, spec.ApplicationId, token.Trim(), ca, spec.Api.RequestsPerSecond);
        return (ports.Losant.Connect(account), null);
    }

    /// <summary>A Secret that is there and lacks the key may be in the middle of a rotation: only one that is not there
    /// was taken away.</summary>
    private async Task<(string? Text, Wanted? Obstacle)> SecretTextAsync(
        string ns,
        SecretKeyRef at,
        string what,
        CancellationToken cancel
    )
    {
        if (await ports.Cluster.FindAsync(ResourceKind.Secret, new ResourceKey(ns, at.Name), cancel) is not { } secret)
        {
            return (
                null,
                Wanted.Blocked(Reasons.SecretNotFound, $"there is no Secret {ns}/{at.Name} with {what}: create it") with
                {
                    IsCutOff = true,
                }
            );
        }

        var hasKey =
            secret.TryGetProperty("data", out var data)
            && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty(at.Key, out var value)
            && value.ValueKind == JsonValueKind.String;
        return hasKey && data.GetProperty(at.Key).TryGetBytesFromBase64(out var bytes)
            ? (Encoding.UTF8.GetString(bytes), null)
            : (
                null,
                Wanted.Blocked(Reasons.SecretNotFound, $"Secret {ns}/{at.Name} has no key {at.Key} with {what}: add it")
            );
    }

    /// <summary>A LosantApplication as it was read.</summary>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="json">The object.</param>
    /// <exception cref="JsonException">It is not of the contract.</exception>
    internal ApplicationObject Of(ResourceKey key, JsonElement json) => _read.Of(key, json);

    /// <summary>Which rules its spec breaks.</summary>
    /// <param name="application">The LosantApplication.</param>
    internal IReadOnlyList<string> Problems(ApplicationObject application) =>
        _problems.Of(application.Meta, () => SpecRules.Problems(application.Spec));

    /// <summary>Forgets a LosantApplication that is gone.</summary>
    /// <param name="key">Its namespace and name.</param>
    internal void Forget(ResourceKey key) => _read.Forget(key);

    private (ApplicationObject?, Wanted?) Read(ResourceKey key, JsonElement json)
    {
        try
        {
            var application = Of(key, json);
            var problems = Problems(application);
            return problems.Count == 0
                ? (application, null)
                : (
                    null,
                    Wanted.Blocked(Reasons.InvalidSpec, $"LosantApplication {application.Meta.Name}: {problems[0]}")
                );
        }
        catch (JsonException e)
        {
            return (null, Wanted.Blocked(Reasons.InvalidSpec, $"the LosantApplication cannot be read: {e.Message}"));
        }
    }

    /// <summary>Whether a LosantApplication is the one of the releases of its namespace that name none.</summary>
    /// <param name="json">The object.</param>
    internal static bool IsDefault(JsonElement json) =>
        json.GetProperty("metadata").TryGetProperty("annotations", out var annotations)
        && annotations.TryGetProperty(Annotations.DefaultApplication, out var value)
        && value.GetString() == "true";

    private static Wanted Missing(string message) => Wanted.Blocked(Reasons.ApplicationNotFound, message);
}

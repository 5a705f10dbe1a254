using System.Text;
using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;

namespace EdgeRelease.Controller;

/// <summary>Finds the LosantApplication of a release and opens it with the token of its Secret. The Secret is read by
/// get at each pass and never watched, so that a rotated token is used at once.</summary>
public sealed class Accounts(Ports ports, ResourceStore applications)
{
    /// <summary>The LosantApplication that a release means.</summary>
    /// <param name="ns">The release's namespace.</param>
    /// <param name="name">Its <c>spec.application</c>; null for the only one, else the default one.</param>
    /// <returns>The object, or the obstacle.</returns>
    public (ApplicationObject? Found, Wanted? Obstacle) Find(string ns, string? name)
    {
        var all = applications.All.Where(pair => pair.Key.Namespace == ns).Select(pair => pair.Value).ToList();
        if (name is not null)
        {
            return applications.Find(new ResourceKey(ns, name)) is { } named
                ? Read(named)
                : (null, Missing($"there is no LosantApplication {name} in namespace {ns}: create it"));
        }

        var chosen = all.Count == 1 ? all : all.FindAll(IsDefault);
        return chosen.Count == 1
            ? Read(chosen[0])
            : (
                null,
                Missing(
                    all.Count == 0
                        ? $"there is no LosantApplication in namespace {ns}: create one"
                        : $"namespace {ns} has {all.Count} LosantApplications: name one in spec.application or annotate one with {Annotations.DefaultApplication}"
                )
            );
    }

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
        var token = await SecretTextAsync(ns, application.Spec.TokenSecretRef, cancel);
        if (token is null)
        {
            return (null, NoSecret(ns, application.Spec.TokenSecretRef, "the token"));
        }

        string? ca = null;
        if (application.Spec.CaSecretRef is { } caRef)
        {
            ca = await SecretTextAsync(ns, caRef, cancel);
            if (ca is null)
            {
                return (null, NoSecret(ns, caRef, "the certificate authorities"));
            }
        }

        var spec = application.Spec;
        var account = new LosantAccount(spec.ApiUrl, spec.ApplicationId, token.Trim(), ca, spec.Api.RequestsPerSecond);
        return (ports.Losant.Connect(account), null);
    }

    private async Task<string?> SecretTextAsync(string ns, SecretKeyRef at, CancellationToken cancel)
    {
        if (await ports.Cluster.FindAsync(ResourceKind.Secret, new ResourceKey(ns, at.Name), cancel) is not { } secret)
        {
            return null;
        }

        var hasKey =
            secret.TryGetProperty("data", out var data)
            && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty(at.Key, out var value)
            && value.ValueKind == JsonValueKind.String;
        return hasKey && data.GetProperty(at.Key).TryGetBytesFromBase64(out var bytes)
            ? Encoding.UTF8.GetString(bytes)
            : null;
    }

    private static (ApplicationObject?, Wanted?) Read(JsonElement json)
    {
        try
        {
            var application = ApplicationObject.Of(json);
            var problems = SpecRules.Problems(application.Spec);
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

    private static bool IsDefault(JsonElement json) =>
        json.GetProperty("metadata").TryGetProperty("annotations", out var annotations)
        && annotations.TryGetProperty(Annotations.DefaultApplication, out var value)
        && value.GetString() == "true";

    private static Wanted Missing(string message) =>
        Wanted.Blocked(Reasons.ApplicationNotFound, message) with
        {
            IsCutOff = true,
        };

    private static Wanted NoSecret(string ns, SecretKeyRef at, string what) =>
        Wanted.Blocked(Reasons.SecretNotFound, $"Secret {ns}/{at.Name} has no key {at.Key} with {what}: create it") with
        {
            IsCutOff = true,
        };
}

using System.Text.Json;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>Which passes wait for each other: those of one application of Losant, by whatever LosantApplication, so that
/// no release commands a device while another one is about to (rule 28).</summary>
internal sealed class LaneMap(ResourceStore releases, ResourceStore applications)
{
    /// <summary>The lane of an object.</summary>
    /// <param name="isRelease">Whether it is a release; else a LosantApplication.</param>
    /// <param name="key">Its namespace and name.</param>
    public ResourceKey Of(bool isRelease, ResourceKey key)
    {
        var application = isRelease ? ApplicationOf(key) : key;
        return applications.Find(application) is { } json && Text(json, "spec", "applicationId") is { } id
            ? new ResourceKey(Host(Text(json, "spec", "apiUrl")), id.ToLowerInvariant())
            : application;
    }

    private static string Host(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Authority : "";

    /// <summary>The LosantApplication that a release names or is pinned to, else the only one of its namespace, else the
    /// default one; releases without any share a lane of their namespace.</summary>
    private ResourceKey ApplicationOf(ResourceKey release)
    {
        var json = releases.Find(release) ?? default;
        if ((Text(json, "spec", "application") ?? Text(json, "status", "application", "name")) is { } name)
        {
            return new ResourceKey(release.Namespace, name);
        }

        var all = applications.All.Where(pair => pair.Key.Namespace == release.Namespace).ToList();
        var chosen = all.Count == 1 ? all : all.FindAll(pair => Accounts.IsDefault(pair.Value));
        return chosen.Count == 1 ? chosen[0].Key : new ResourceKey(release.Namespace, "");
    }

    private static string? Text(JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var member in path)
        {
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(member, out json))
            {
                return null;
            }
        }

        return json.ValueKind == JsonValueKind.String ? json.GetString() : null;
    }
}

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
        return applications.Find(application) is { } json && Text(json, "applicationId") is { } id
            ? new ResourceKey(Host(Text(json, "apiUrl")), id)
            : application;
    }

    private static string Host(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) ? address.Authority : "";

    /// <summary>The LosantApplication that a release names, else the only one of its namespace; releases that name none
    /// of several share a lane of their namespace.</summary>
    private ResourceKey ApplicationOf(ResourceKey release)
    {
        if (releases.Find(release) is { } json && Text(json, "application") is { } name)
        {
            return new ResourceKey(release.Namespace, name);
        }

        var all = applications.All.Keys.Where(key => key.Namespace == release.Namespace).Take(2).ToList();
        return all.Count == 1 ? all[0] : new ResourceKey(release.Namespace, "");
    }

    private static string? Text(JsonElement json, string member) =>
        json.TryGetProperty("spec", out var spec)
        && spec.ValueKind == JsonValueKind.Object
        && spec.TryGetProperty(member, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Cli;

/// <summary>What a simulation plays: a release as it stands in a file, over a fleet that is made for it.</summary>
internal sealed record Scenario
{
    private static readonly TimeSpan Resting = TimeSpan.FromMinutes(30);

    /// <summary>The release.</summary>
    public required ReleaseObject Release { get; init; }

    /// <summary>The application of the file; null for one without limits.</summary>
    public LosantApplicationSpec? Application { get; init; }

    /// <summary>Devices that match the release.</summary>
    public required int Devices { get; init; }

    /// <summary>The chance of a device to fail on the version, 0 to 1.</summary>
    public double Failing { get; init; }

    /// <summary>The share of devices that are offline all the time, 0 to 1.</summary>
    public double Offline { get; init; }

    /// <summary>Whether the flow is an embedded one, so that the devices are microcontrollers.</summary>
    public bool IsEmbedded { get; init; }

    /// <summary>What the devices are.</summary>
    public string DeviceName => IsEmbedded ? "board" : "gateway";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, with one EdgeRelease, and a LosantApplication if its limits count.</param>
    /// <param name="devices">Devices that match the release.</param>
    /// <exception cref="CliException">The file has no valid release.</exception>
    public static Scenario Read(string path, int devices)
    {
        var objects = Manifests.Read(path);
        var release = Cluster.Read(Manifests.Only(objects, Kinds.Release, path));
        var application = objects.Any(each => Manifests.Kind(each) == Kinds.Application.Kind)
            ? Specified(Manifests.Only(objects, Kinds.Application, path), path)
            : null;
        if (SpecRules.Problems(release.Spec) is [var problem, ..])
        {
            throw new CliException($"{path} has a release that would be refused: {problem}");
        }

        return new Scenario
        {
            Release = release,
            Application = application,
            Devices = devices,
            IsEmbedded = release.Spec.Embedded != new EmbeddedSpec(),
        };
    }

    /// <summary>The spec as it is created in the simulated cluster.</summary>
    public JsonObject Spec()
    {
        var spec = JsonObject.Create(Release.Json.GetProperty("spec"))!;
        spec["application"] = World.ApplicationName;
        return spec;
    }

    /// <summary>The limits of the application, as its spec has them; no freeze, which would last for ever.</summary>
    /// <param name="isResting">Whether the release soaks or waits: then it is polled no more than twice an hour. That is
    /// most of the time, and nothing happens in it.</param>
    public JsonObject Limits(bool isResting)
    {
        var spec = Application ?? new LosantApplicationSpec();
        var api = isResting ? spec.Api with { PollActive = Resting, PollIdle = Resting } : spec.Api;
        var asked = spec with { Frozen = null, Api = api };
        var limits = JsonObject.Create(
            JsonSerializer.SerializeToElement(asked, ApiJson.Default.LosantApplicationSpec)
        )!;
        string[] own = ["applicationId", "apiUrl", "tokenSecretRef", "caSecretRef"];
        foreach (var name in own)
        {
            limits.Remove(name);
        }

        return limits;
    }

    private static LosantApplicationSpec Specified(JsonElement json, string path)
    {
        try
        {
            return ApplicationObject.Of(json).Spec;
        }
        catch (JsonException e)
        {
            throw new CliException($"{path} has a LosantApplication that cannot be read: {e.Message}");
        }
    }
}

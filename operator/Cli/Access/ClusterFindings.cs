using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Controller;

namespace EdgeRelease.Cli;

/// <summary>One thing that was looked at.</summary>
/// <param name="What">What.</param>
/// <param name="IsWell">Whether it is well; null when that cannot be told.</param>
/// <param name="Text">What was found, and what to do where it is not well.</param>
internal sealed record Finding(string What, bool? IsWell, string Text);

/// <summary>What the cluster says.</summary>
internal static class ClusterFindings
{
    public static async Task<List<Finding>> OfAsync(Kubectl kubectl, CancellationToken cancel)
    {
        var findings = new List<Finding> { await ServerAsync(kubectl, cancel) };
        if (findings[0].IsWell == false)
        {
            return findings;
        }

        foreach (var kind in new[] { Kinds.Release, Kinds.Application, Kinds.Revision })
        {
            findings.Add(await KindAsync(kubectl, KubectlCluster.Resource(kind), cancel));
        }

        findings.Add(await RightAsync(kubectl, cancel));
        return findings;
    }

    private static async Task<Finding> ServerAsync(Kubectl kubectl, CancellationToken cancel)
    {
        try
        {
            var text = await kubectl.RunAsync(["version", "-o", "json", "--request-timeout=20s"], cancel);
            var version = JsonElement.Parse(text);
            return new Finding("cluster", true, $"kubectl {Of("clientVersion")}, server {Of("serverVersion")}");

            string Of(string part) =>
                version.TryGetProperty(part, out var found) ? found.GetProperty("gitVersion").GetString()! : "unknown";
        }
        catch (KubectlException e)
        {
            return new Finding("cluster", false, e.Message);
        }
    }

    private static async Task<Finding> KindAsync(Kubectl kubectl, string name, CancellationToken cancel)
    {
        try
        {
            var crd = JsonElement.Parse(await kubectl.RunAsync(["get", "crd", name, "-o", "json"], cancel));
            var served = crd.GetProperty("spec")
                .GetProperty("versions")
                .EnumerateArray()
                .Where(version => version.GetProperty("served").GetBoolean())
                .Select(version => version.GetProperty("name").GetString()!)
                .ToList();
            var isServed = served.Contains(ApiGroup.Version);
            var advice = isServed ? "" : $", not {ApiGroup.Version}: apply the crds/ of this version";
            return new Finding(name, isServed, $"serves {string.Join(", ", served)}{advice}");
        }
        catch (KubectlException e) when (e.Fault == KubectlFault.NotFound)
        {
            return new Finding(name, false, "is not installed: apply crds/");
        }
        catch (KubectlException e)
        {
            return new Finding(name, e.Fault == KubectlFault.Forbidden ? null : false, e.Message);
        }
    }

    private static async Task<Finding> RightAsync(Kubectl kubectl, CancellationToken cancel)
    {
        const string what = "your rights";
        try
        {
            await kubectl.RunAsync(["auth", "can-i", "patch", KubectlCluster.Resource(Kinds.Release)], cancel);
            return new Finding(what, true, "you may ask releases for approve, pause, abort and the like");
        }
        catch (KubectlException)
        {
            return new Finding(what, null, "you may look, but not approve, pause, abort and the like");
        }
    }
}

using System.Collections.Concurrent;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>EdgeRelease's own kinds, installed once into each API server.</summary>
internal static class Crds
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> Installed = new(StringComparer.Ordinal);

    /// <summary>Returns once they are served.</summary>
    /// <param name="kubeconfig">The administrator's file in the folder of the control plane.</param>
    public static Task InstallAsync(string kubeconfig) =>
        Installed
            .GetOrAdd(kubeconfig, file => new Lazy<Task<string>>(() => RunAsync(Path.GetDirectoryName(file)!)))
            .Value;

    private static Task<string> RunAsync(string folder)
    {
        var root = ControlPlane.RepositoryRoot();
        var script = Path.Combine(root, "tests", "ControlPlane", "install-crds.sh");
        return ControlPlane.RunAsync(
            "bash",
            [script, folder, .. Directory.GetFiles(Path.Combine(root, "crds"), "*.yaml")]
        );
    }
}

using System.Text;

namespace EdgeRelease.Tests.Unit.GitOps;

/// <summary>The part of Argo CD's ConfigMap that teaches it EdgeRelease's kinds.</summary>
internal static class ArgoConfigMap
{
    private static readonly string[] Actions = ["approve", "promote", "pause", "resume", "abort", "retry"];

    public static string Text()
    {
        var text = new StringBuilder(
            """
            # Made of the scripts in resource_customizations; for a server-side apply, which leaves the other keys as they are.
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: argocd-cm
              namespace: argocd
              labels:
                app.kubernetes.io/name: argocd-cm
                app.kubernetes.io/part-of: argocd
            data:

            """
        );
        foreach (var kind in new[] { "EdgeRelease", "LosantApplication" })
        {
            text.Append($"  resource.customizations.health.edgerelease.dev_{kind}: |\n");
            Append(text, new Customization(kind).Health, 4);
        }

        var release = new Customization("EdgeRelease");
        text.Append("  resource.customizations.actions.edgerelease.dev_EdgeRelease: |\n    discovery.lua: |\n");
        Append(text, release.Discovery, 6);
        text.Append("    definitions:\n");
        foreach (var name in Actions)
        {
            text.Append($"    - name: {name}\n      action.lua: |\n");
            Append(text, release.Action(name), 8);
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string script, int indent)
    {
        foreach (var line in script.TrimEnd('\n').Split('\n'))
        {
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
        }
    }
}

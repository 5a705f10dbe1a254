using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>Kubernetes' Pod Security Standard <c>restricted</c>, for the API servers here that do not have it, and a root
/// file system that cannot be written.</summary>
internal static class PodSecurity
{
    private static readonly string[] OfTheHost = ["hostNetwork", "hostPID", "hostIPC"];

    private static readonly string[] Volumes =
    [
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    ];

    /// <summary>What a pod, or the pods of a Deployment, break.</summary>
    public static IReadOnlyList<string> Problems(JsonObject rendered)
    {
        var spec = rendered["spec"]!;
        spec = spec["template"]?["spec"] ?? spec;
        return [.. OfPod(spec), .. spec["containers"]!.AsArray().SelectMany(each => OfContainer(spec, each!))];
    }

    private static IEnumerable<string> OfPod(JsonNode spec)
    {
        foreach (var name in OfTheHost.Where(name => Is(spec[name], true)))
        {
            yield return name;
        }

        foreach (var volume in spec["volumes"]?.AsArray() ?? [])
        {
            var types = volume!.AsObject().Select(member => member.Key).Where(key => key != "name");
            foreach (var type in types.Except(Volumes, StringComparer.Ordinal))
            {
                yield return $"volume of type {type}";
            }
        }

        if (!Is(spec["automountServiceAccountToken"], false))
        {
            yield return "automountServiceAccountToken";
        }
    }

    private static IEnumerable<string> OfContainer(JsonNode pod, JsonNode container)
    {
        var own = container["securityContext"];
        var all = pod["securityContext"];
        var checks = new (bool Holds, string Name)[]
        {
            (Is(own?["allowPrivilegeEscalation"], false), "allowPrivilegeEscalation"),
            (Is(own?["readOnlyRootFilesystem"], true), "readOnlyRootFilesystem"),
            (!Is(own?["privileged"], true), "privileged"),
            (Is(own?["runAsNonRoot"] ?? all?["runAsNonRoot"], true), "runAsNonRoot"),
            ((int?)(own?["runAsUser"] ?? all?["runAsUser"]) is not 0, "runAsUser"),
            (own?["capabilities"]?["drop"]?.ToJsonString() == """["ALL"]""", "capabilities.drop"),
            (own?["capabilities"]?["add"] is null, "capabilities.add"),
            (
                (string?)(own?["seccompProfile"]?["type"] ?? all?["seccompProfile"]?["type"]) is "RuntimeDefault",
                "seccompProfile"
            ),
            ((container["ports"]?.AsArray() ?? []).All(port => port!["hostPort"] is null), "hostPort"),
        };
        return checks.Where(check => !check.Holds).Select(check => check.Name);
    }

    private static bool Is(JsonNode? node, bool value) => node is JsonValue && (bool)node == value;
}

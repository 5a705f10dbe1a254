namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>The objects that a user applies.</summary>
internal static class Manifests
{
    /// <summary>Three steps of 10, 50 and 100 percent.</summary>
    public const string ThreeSteps =
        "rollout: {steps: [{name: tenth, percentage: 10}, {name: half, percentage: 50}, {name: rest, percentage: 100}]}";

    /// <summary>A share in one step, as fast as it goes.</summary>
    public static string AtOnce(int percentage) =>
        $"rolloutPercentage: {percentage}\n  limits: {{maxUnavailable: 100%}}";

    public static string Secret(string token) =>
        $$"""
            apiVersion: v1
            kind: Secret
            metadata: {name: losant}
            stringData: {token: {{token}}}
            """;

    public static string Application(
        string url,
        string id,
        string api = "requestsPerSecond: 50, pollActive: 1s, pollIdle: 2s"
    ) =>
        $$"""
            apiVersion: edgerelease.dev/v1alpha1
            kind: LosantApplication
            metadata: {name: plant-a}
            spec:
              applicationId: {{id}}
              apiUrl: {{url}}
              tokenSecretRef: {name: losant, key: token}
              api: { {{api}} }
            """;

    /// <summary>The release <c>line-monitor</c> over the packaging line.</summary>
    /// <param name="version">The version.</param>
    /// <param name="rollout">Lines of the spec, indented by two, that say how far and how fast.</param>
    /// <param name="confirm">How long a device must stay good.</param>
    public static string Release(string version, string rollout = ThreeSteps, string confirm = "2s") =>
        $$"""
            apiVersion: edgerelease.dev/v1alpha1
            kind: EdgeRelease
            metadata: {name: line-monitor}
            spec:
              flow: line-monitor
              version: {{version}}
              deviceTags: {line: packaging}
              health: {confirm: {{confirm}}, retryGrace: 2s, settleTimeout: 30s}
            """ + $"\n  {rollout}\n";
}

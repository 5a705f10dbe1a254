using System.Text.Json;
using EdgeRelease.Kubernetes;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>Everything that makes an operator call its API server.</summary>
internal static class Deeds
{
    private static readonly ResourceKind Applications = new(
        "edgerelease.dev",
        "v1alpha1",
        "losantapplications",
        "LosantApplication"
    );

    /// <summary>An operator runs already, without rights elsewhere; at the end it is stopped in order.</summary>
    public static async Task DoAsync(Stage stage, OperatorProcess started)
    {
        await LeaveLedgerOfAnotherAsync(stage);
        await stage.ApplyAsync(Manifests.Secret(stage.Losant.Token));
        await stage.ApplyAsync(Manifests.Application(stage.Losant.Url, stage.Losant.ApplicationId));
        await FreezeTwiceAsync(stage);

        await stage.ApplyAsync(Release("v1.4.0"));
        await stage.UntilPhaseAsync("Complete");
        await stage.ApplyAsync(Release("v1.5.0"));
        await stage.UntilPhaseAsync("RolledBack");
        await stage.KubectlAsync("annotate", "er", "line-monitor", "edgerelease.dev/retry=r2");
        await stage.UntilAsync(status => status is { Phase: "RolledBack", Revision: 3 });
        await stage.KubectlAsync("delete", "er", "line-monitor", "--timeout=60s");
        Assert.Equal(0, await started.Child.TerminateAsync());
    }

    /// <summary>A release of the same name before this one left its ledger: it is looked at and goes.</summary>
    private static Task LeaveLedgerOfAnotherAsync(Stage stage) =>
        stage.ApplyAsync(
            """
            apiVersion: edgerelease.dev/v1alpha1
            kind: EdgeReleaseRevision
            metadata: {name: line-monitor-r1-0, labels: {edgerelease.dev/release-uid: another}}
            revision: 1
            shard: 0
            """
        );

    /// <summary>The second Event of the same words is counted on the first.</summary>
    private static async Task FreezeTwiceAsync(Stage stage)
    {
        for (var time = 1; time <= 2; time++)
        {
            await stage.FreezeAsync("""{"scope": "Forward", "reason": "audit"}""");
            await ToldAsync(stage, "Frozen", time);
            await stage.FreezeAsync("null");
            await ToldAsync(stage, "Thawed", time);
        }
    }

    private static Task ToldAsync(Stage stage, string reason, int times) =>
        Eventually.HoldsAsync(
            async () =>
                (await stage.EventsAsync(Applications.Kind)).Any(each =>
                    each.GetProperty("reason").GetString() == reason && Count(each) == times
                ),
            text: $"{reason} {times}"
        );

    private static int Count(JsonElement told) =>
        told.TryGetProperty("series", out var series) && series.ValueKind == JsonValueKind.Object
            ? series.GetProperty("count").GetInt32()
            : 1;

    private static string Release(string version) =>
        Manifests.Release(version, Manifests.AtOnce(100) + "\n  policy: {onDelete: Restore}", confirm: "0s");
}

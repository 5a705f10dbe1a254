using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>The operator is killed again and again, at random moments of its work, and started again. There is only
/// ever one, so it needs no lease: a killed one's would have to run out first.</summary>
public sealed class KillTests(ControlPlaneFixture controlPlane, ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v1.4.0", "Complete", 10)]
    [InlineData("v1.5.0", "RolledBack", 6)]
    public async Task Comes_to_the_same_end_when_it_is_killed(string version, string end, int kills)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("EDGERELEASE_SEED"), out var given)
            ? given
            : Environment.TickCount;
        output.WriteLine($"EDGERELEASE_SEED={seed}");
        await using var stage = await Stage.OpenAsync(controlPlane);
        var before = await stage.Losant.FleetAsync();
        await stage.ApplyAsync(Manifests.Secret(stage.Losant.Token));
        await stage.ApplyAsync(
            Manifests.Application(
                stage.Losant.Url,
                stage.Losant.ApplicationId,
                "requestsPerSecond: 50, pollActive: 1s, pollIdle: 1s"
            )
        );
        await stage.ApplyAsync(Manifests.Release(version));

        await KillAsync(stage, new Random(seed), kills);
        await using var last = await stage.StartOperatorAsync("--leader-elect=false");
        // A command that may have been sent is waited for over a minute before it is sent again.
        await stage.UntilPhaseAsync(end, seconds: 240);

        var record = await stage.Losant.RecordAsync();
        var forward = record.Commands.Where(change => change.To == version).Select(change => change.Device).ToList();
        Assert.Distinct(forward);
        Assert.Superset(forward.ToHashSet(), await LedgerAsync(stage));
        var after = await stage.Losant.FleetAsync();
        if (end == "Complete")
        {
            Assert.Equal(60, forward.Count);
            Assert.Equal(57, after.Values.Count(device => device.Current == version));
        }
        else
        {
            Assert.Equal(before.Versions, after.Versions);
        }
    }

    /// <summary>Every second time right after a call that deploys was received, else somewhere in a pass.</summary>
    private async Task KillAsync(Stage stage, Random random, int kills)
    {
        for (var kill = 1; kill <= kills; kill++)
        {
            await using var started = await stage.StartOperatorAsync("--leader-elect=false");
            var since = await stage.Losant.RecordAsync();
            var afterPost = kill % 2 == 1;
            await Eventually.HoldsAsync(async () =>
            {
                var news = await stage.Losant.RecordAsync(since.Last);
                return (afterPost && news.Posts.Any()) || news.Polls.Count() >= (afterPost ? 4 : 1);
            });
            var wait = TimeSpan.FromMilliseconds(random.Next(afterPost ? 20 : 1000));
            await Task.Delay(wait, TimeProvider.System, Cancel);
            await started.Child.KillAsync();
            var record = await stage.Losant.RecordAsync();
            output.WriteLine(
                $"kill {kill} after {record.Posts.Count()} calls that deploy, {wait.TotalMilliseconds} ms later"
            );

            // Write-ahead: whatever was commanded is known to the next process, whenever this one died.
            Assert.Superset(record.Commands.Select(change => change.Device).ToHashSet(), await LedgerAsync(stage));
        }
    }

    private static async Task<HashSet<string>> LedgerAsync(Stage stage)
    {
        var page = await stage.Cluster.ListAsync(
            Stage.Revisions,
            new ListOptions { Namespace = stage.Namespace },
            Cancel
        );
        var rows = page.Items.SelectMany(item => LedgerText.Rows(item.GetProperty("ledger").GetString()));
        return [.. rows.Select(row => row.Device.ToString())];
    }
}

using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Versions are looked up before devices move: the one to bring, and those to go back to.</summary>
public sealed class VersionLookupTests
{
    [Fact]
    public void Warns_of_a_version_that_devices_could_not_go_back_to_before_any_moves_and_looks_for_it_once()
    {
        using var bench = new Bench();
        bench.Add(3);
        bench.Flow.DeleteVersion("v1");
        bench.Start();
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'paused': true}");

        bench.Run(TimeSpan.FromMinutes(20));

        Assert.Equal(
            "3 devices could not be sent back, because Losant no longer has the version that ran before: v1; publish it again "
                + "under its name, or take those devices out by spec.exclude",
            Assert.Single(bench.Status.Plan!.Warnings)
        );
        Assert.Empty(bench.Posts);
        Assert.Single(bench.Requests, request => request.Query.Contains("v1", StringComparison.Ordinal));
        bench.Flow.AddVersion("v1");
        bench.Run(TimeSpan.FromMinutes(20));
        Assert.Empty(bench.Status.Plan!.Warnings);
    }

    [Fact]
    public void Looks_at_the_version_again_before_devices_move()
    {
        using var bench = new Bench();
        bench.Add(5);
        bench.Start();
        bench.Apply(
            "{'version': 'v2', 'rollout': {'steps': [{'name': 'one', 'count': 1, 'soak': '10m'}, {'name': 'all', 'percentage': 100}]}}"
        );
        bench.Until(Phase.Soaking);
        bench.Flow.Republish("v2");

        bench.Run(TimeSpan.FromMinutes(15));

        Assert.Equal(1, bench.Desired("v2"));
        Assert.Contains("published again", bench.Status.Message, StringComparison.Ordinal);
    }
}

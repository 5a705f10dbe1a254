using EdgeRelease.Api;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>What becomes of release calls that Losant refuses.</summary>
public sealed class SenderTests
{
    private const string AtOnce = "'limits': {'maxUnavailable': '100%'}";

    [Fact]
    public void Says_that_the_token_may_not_release_and_tries_again_at_the_idle_pace()
    {
        using var bench = new Bench();
        bench.Add(3);
        ReadOnly(bench);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Start();

        bench.Until(Phase.Blocked);
        bench.Run(TimeSpan.FromMinutes(5));

        Assert.Contains("edgeDeployments.release", bench.Status.Message, StringComparison.Ordinal);
        Assert.Equal(Reasons.CredentialsRejected, Stalled(bench.Status));
        Assert.InRange(bench.Posts.Count, 4, 8);
        Assert.Single(bench.Events, said => said.StartsWith(Reasons.CredentialsRejected, StringComparison.Ordinal));
    }

    [Fact]
    public void Stays_stalled_while_it_tries_again()
    {
        using var bench = new Bench();
        bench.Add(3);
        ReadOnly(bench);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Start();
        bench.Until(Phase.Blocked);
        var since = bench.Status.Conditions.Single(condition => condition.Type == ConditionTypes.Ready);

        var phases = new HashSet<Phase?>();
        for (var i = 0; i < 30_000; i++)
        {
            bench.Run(TimeSpan.FromMilliseconds(5));
            phases.Add(bench.Status.Phase);
        }

        Assert.True(bench.Posts.Count > 2);
        Assert.Equal([Phase.Blocked], phases);
        Assert.Equal(since, bench.Status.Conditions.Single(condition => condition.Type == ConditionTypes.Ready));
    }

    [Fact]
    public void Goes_on_by_itself_once_the_token_may_release()
    {
        using var bench = new Bench();
        bench.Add(3);
        var token = ReadOnly(bench);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Start();
        bench.Until(Phase.Blocked);

        token.Rotate("no longer used");
        bench.Application.AddToken(new TokenSetup("token"));

        bench.Until(Phase.Complete);
        Assert.Null(Stalled(bench.Status));
    }

    [Fact]
    public void Restores_the_others_when_one_previous_version_is_gone()
    {
        using var bench = new Bench();
        bench.Flow.AddVersion("v0");
        bench.Add(2, "v0");
        bench.Add(2, "v1");
        bench.Apply($"{{'version': 'v2', 'rolloutPercentage': 100, {AtOnce}}}");
        bench.Start();
        bench.Until(Phase.Complete);
        bench.Flow.DeleteVersion("v0");

        bench.Annotate(Annotations.Abort, "r1");
        bench.Until(() => bench.Desired("v1") == 2);
        bench.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(2, bench.Desired("v2"));
        Assert.Equal(Phase.RollingBack, bench.Status.Phase);
        Assert.Equal(Reasons.RollbackFailing, Stalled(bench.Status));
        var message = bench.Status.Message!;
        Assert.Contains("cannot go back to v0", message, StringComparison.Ordinal);
        Assert.Contains("publish it again", message, StringComparison.Ordinal);
        Assert.Contains(bench.Application.Devices[0].Id, message, StringComparison.Ordinal);
        Assert.Single(bench.Posts, post => post.Status == 404);
    }

    [Fact]
    public void Ends_the_rollback_once_the_version_is_published_again()
    {
        using var bench = new Bench();
        bench.Flow.AddVersion("v0");
        bench.Add(2, "v0");
        bench.Apply($"{{'version': 'v2', 'rolloutPercentage': 100, {AtOnce}}}");
        bench.Start();
        bench.Until(Phase.Complete);
        bench.Flow.DeleteVersion("v0");
        bench.Annotate(Annotations.Abort, "r1");
        bench.Until(() => Stalled(bench.Status) == Reasons.RollbackFailing);

        bench.Flow.AddVersion("v0");

        bench.Until(Phase.RolledBack);
        Assert.Equal(2, bench.Desired("v0"));
    }

    [Fact]
    public void Loses_nothing_when_the_reads_after_a_refusal_fail()
    {
        using var bench = new Bench();
        bench.Flow.AddVersion("v0");
        bench.Add(2, "v0");
        bench.Apply($"{{'version': 'v2', 'rolloutPercentage': 100, {AtOnce}}}");
        bench.Start();
        bench.Until(Phase.Complete);
        bench.Flow.DeleteVersion("v0");
        bench.Losant.Faults.Add(new FaultRule(FaultKind.Status500) { Route = "application.get" });
        bench.Annotate(Annotations.Abort, "r1");
        bench.Until(() => bench.Posts.Any(post => post.Status == 404));
        bench.Run(TimeSpan.FromMinutes(2));
        bench.Losant.Faults.Clear();
        bench.Until(() => Stalled(bench.Status) == Reasons.RollbackFailing);

        bench.Flow.AddVersion("v0");

        bench.Until(Phase.RolledBack);
        Assert.DoesNotContain(bench.Log.Lines, line => line.Contains("409", StringComparison.Ordinal));
    }

    [Fact]
    public void Goes_on_with_the_rollout_when_a_failed_device_cannot_go_back()
    {
        using var bench = new Bench();
        bench.Flow.AddVersion("v0");
        bench.Add(1, "v0");
        bench.Add(3, "v1");
        bench.Application.Devices[0].SetOutcome("v2", Outcome.Fails("no sensor"));
        bench.Apply($"{{'version': 'v2', 'rolloutPercentage': 100, 'failurePolicy': {{'maxFailures': 1}}, {AtOnce}}}");
        bench.Start();
        bench.Until(() => bench.Desired("v2") > 0);

        bench.Flow.DeleteVersion("v0");

        bench.Until(Phase.Complete);
        Assert.Contains("cannot go back to v0", bench.Status.Message, StringComparison.Ordinal);
        Assert.Equal(4, bench.Desired("v2"));
    }

    [Fact]
    public void Sends_to_the_others_when_Losant_does_not_take_one_id()
    {
        using var bench = new Bench();
        bench.Add(9);
        DeviceId? poisoned = null;
        var losant = Start(bench, order => order.Devices.Any(id => id == poisoned) ? 400 : null);
        bench.Apply($"{{'version': 'v2', 'rolloutPercentage': 100, {AtOnce}}}");
        bench.Until(() => bench.Desired("v2") == 1);
        poisoned = DeviceId.Parse(
            bench.Application.Devices.Last(device => device.FindRow(bench.Flow)!.State.Desired == "v1").Id
        );

        bench.Until(Phase.Complete);

        Assert.Equal(8, bench.Desired("v2"));
        Assert.Contains("1 not taken by Losant", bench.Status.Message, StringComparison.Ordinal);
        Assert.NotEmpty(losant.Refused);
        Assert.Contains(bench.Events, said => said.Contains($"{poisoned}", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    public void Stalls_after_few_calls_when_Losant_takes_none_of_a_batch(int status)
    {
        using var bench = new Bench();
        bench.Add(800);
        var losant = Start(bench, _ => status);
        bench.Apply($"{{'version': 'v2', 'rolloutPercentage': 100, {AtOnce}}}");

        bench.Until(Phase.Blocked);

        Assert.Equal(Reasons.LosantRefused, Stalled(bench.Status));
        Assert.InRange(losant.Refused.Count, 4, 10);
        Assert.Equal(8, losant.Refused[0].Devices.Count);
        Assert.All(bench.Rows, row => Assert.Null(row.Last));
    }

    [Fact]
    public void Stalls_when_Losant_does_not_take_the_first_device()
    {
        using var bench = new Bench();
        bench.Add(3);
        var losant = Start(bench, _ => 400);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");

        bench.Until(Phase.Blocked);
        bench.Run(TimeSpan.FromMinutes(10));

        Assert.Equal(Reasons.LosantRefused, Stalled(bench.Status));
        Assert.Single(losant.Refused.SelectMany(order => order.Devices).Distinct());
    }

    private static RefusingLosant Start(Bench bench, Func<ReleaseOrder, int?> status)
    {
        RefusingLosant? refusing = null;
        bench.Start(ports => ports with { Losant = refusing = new RefusingLosant(ports.Losant, status) });
        return refusing!;
    }

    /// <summary>Puts a token in the place of the bench's that reads everything and releases nothing.</summary>
    private static SimulatedToken ReadOnly(Bench bench)
    {
        bench.Losant.FindToken("token")!.Rotate("another");
        return bench.Application.AddToken(new TokenSetup("token") { Scopes = ["all.Application.read"] });
    }

    private static string? Stalled(EdgeReleaseStatus status) =>
        status.Conditions.SingleOrDefault(condition => condition.Type == ConditionTypes.Stalled)?.Reason;
}

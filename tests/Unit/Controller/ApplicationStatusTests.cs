using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>What is said on a LosantApplication.</summary>
public sealed class ApplicationStatusTests
{
    [Fact]
    public void Stores_the_baseline_of_the_fleet_as_soon_as_a_scan_was_believed()
    {
        using var bench = new Bench();
        bench.Add(4);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Start();

        bench.Run(TimeSpan.FromSeconds(5));

        Assert.Equal(4, bench.ApplicationStatus().Observation?.Devices);
    }

    [Fact]
    public void Says_the_rate_in_force_and_until_when_calls_are_held_back()
    {
        using var bench = new Bench();
        bench.Add(1);
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100}");
        bench.Start();
        bench.Until(Phase.Complete);
        Assert.Equal(5, bench.ApplicationStatus().RequestsPerSecond);
        Assert.Null(bench.ApplicationStatus().BackoffUntil);

        bench.Losant.Faults.Add(new FaultRule(FaultKind.Status503) { Until = bench.Time.Now.AddMinutes(20) });
        bench.Until(() => bench.ApplicationStatus().BackoffUntil is not null);
        bench.Run(TimeSpan.FromMinutes(30));

        Assert.Null(bench.ApplicationStatus().BackoffUntil);
    }

    [Fact]
    public void Leaves_Ready_as_it_is_until_an_outage_has_lasted()
    {
        using var bench = new Bench();
        bench.Start();
        bench.Until(() => Ready(bench)?.Status == ConditionStatus.True);

        bench.Losant.Faults.Add(new FaultRule(FaultKind.Status503));
        var down = bench.Time.Now;
        bench.Until(() => Ready(bench)?.Status == ConditionStatus.Unknown);

        Assert.True(bench.Time.Now - down > TimeSpan.FromMinutes(1));
        Assert.Contains(Ready(bench)!.Reason, new[] { Reasons.LosantUnreachable, Reasons.LosantThrottled });
        bench.Losant.Faults.Clear();
        bench.Until(() => Ready(bench)?.Status == ConditionStatus.True);
    }

    [Fact]
    public void Says_with_a_documented_reason_that_the_token_is_rejected()
    {
        using var bench = new Bench();
        bench.Losant.FindToken("token")!.Rotate("another");
        bench.Start();

        bench.Until(() => Ready(bench)?.Status == ConditionStatus.False);

        Assert.Equal(Reasons.CredentialsRejected, Ready(bench)!.Reason);
    }

    [Fact]
    public void Says_on_an_object_and_in_an_Event_that_it_cannot_be_read()
    {
        using var bench = new Bench();
        bench.Cluster.Edit(Kinds.Application, Bench.ApplicationKey, root => root["spec"]!["api"] = "fast");
        bench.Start();

        bench.Run(TimeSpan.FromMinutes(10));

        var status = bench.Cluster.Get(Kinds.Application, Bench.ApplicationKey)!.Value.GetProperty("status");
        Assert.Equal(Reasons.InvalidSpec, status.GetProperty("conditions")[0].GetProperty("reason").GetString());
        Assert.Single(bench.Events, said => said.StartsWith(Reasons.InvalidSpec, StringComparison.Ordinal));
    }

    private static Condition? Ready(Bench bench) => bench.ApplicationStatus().Conditions.SingleOrDefault();
}

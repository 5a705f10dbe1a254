using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantDeviceTests
{
    private readonly LosantWorld world = new(2);

    [Fact]
    public void Applies_after_its_latency_when_connected()
    {
        world.Release("v2", 0);
        world.Pass(0.9);
        Assert.Equal("v1", world.Row(0).State.Current);
        world.Pass(0.1);
        Assert.Equal(("v2", true), (world.Row(0).State.Current, world.Row(0).State.UpToDate));
    }

    [Fact]
    public void Applies_at_its_next_connection_when_offline()
    {
        world.Devices[0].Disconnect();
        world.Release("v2", 0);
        world.Pass(100_000);
        Assert.Equal("v1", world.Row(0).State.Current);
        world.Devices[0].Connect();
        world.Pass(1);
        Assert.Equal("v2", world.Row(0).State.Current);
    }

    [Fact]
    public void Loses_an_apply_that_is_under_way_when_it_disconnects()
    {
        world.Release("v2", 0);
        world.Pass(0.5);
        world.Devices[0].Disconnect();
        world.Pass(5);
        Assert.Equal("v1", world.Row(0).State.Current);
        world.Devices[0].Connect();
        world.Pass(0.9);
        Assert.Equal("v1", world.Row(0).State.Current);
        world.Pass(0.1);
        Assert.Equal("v2", world.Row(0).State.Current);
    }

    [Fact]
    public void Skips_a_release_that_was_overridden_before_it_was_applied()
    {
        world.Flow.AddVersion("v3");
        world.Release("v2", 0);
        world.Pass(0.5);
        world.Release("v3", 0);
        world.Pass(0.5);
        Assert.Equal("v3", world.Row(0).State.Current);
        Assert.DoesNotContain(
            world.Losant.Record.Entries.OfType<DeviceChangeRecord>(),
            change => change is { Field: ChangedField.Current, To: "v2" }
        );
    }

    [Fact]
    public void Keeps_the_old_version_on_failure_and_tries_again_only_when_it_reconnects()
    {
        world.Devices[0].SetOutcome("v2", Outcome.Fails("no disk"));
        world.Release("v2", 0);
        world.Pass(100);
        Assert.Equal(1, Failures());
        Assert.Equal("v1", world.Row(0).State.Current);
        world.Devices[0].Disconnect();
        world.Devices[0].Connect();
        world.Pass(100);
        Assert.Equal(2, Failures());
    }

    [Fact]
    public void Tries_again_when_the_same_version_is_released_again()
    {
        world.Devices[0].SetOutcome("v2", Outcome.FailsThenWorks(1, "busy"));
        world.Release("v2", 0);
        world.Pass(10);
        Assert.Equal("v1", world.Row(0).State.Current);
        world.Release("v2", 0);
        world.Pass(10);
        Assert.Equal("v2", world.Row(0).State.Current);
    }

    [Fact]
    public void Reports_once_more_that_a_version_fails_or_runs_and_keeps_it()
    {
        world.Release("v2", 0);
        world.Pass(1);

        world.Devices[0].Report(world.Flow, "sensor lost");
        var error = world.Row(0).State.Logs[0].Error;
        world.Pass(1);
        world.Devices[0].Report(world.Flow, null);

        Assert.Equal(("sensor lost", null), (error, world.Row(0).State.Logs[0].Error));
        Assert.Equal(("v2", true), (world.Row(0).State.Current, world.Row(0).State.UpToDate));
    }

    [Fact]
    public void Reports_that_it_runs_and_later_an_error_and_runs_what_it_ran_before()
    {
        world.Devices[0].SetOutcome("v2", Outcome.WorksThenFails(TimeSpan.FromSeconds(60), "watchdog reset"));
        world.Release("v2", 0);
        world.Pass(10);
        Assert.Equal("v2", world.Row(0).State.Current);
        Assert.Equal(0, Failures());
        world.Pass(60);
        Assert.Equal(("v1", "v2"), (world.Row(0).State.Current, world.Row(0).State.Desired));
        Assert.Equal(1, Failures());
    }

    [Fact]
    public void Does_not_fail_later_once_it_was_told_something_else()
    {
        world.Devices[0].SetOutcome("v2", Outcome.WorksThenFails(TimeSpan.FromSeconds(60), "watchdog reset"));
        world.Release("v2", 0);
        world.Pass(10);
        world.Release("v1", 0);
        world.Pass(100);
        Assert.Equal("v1", world.Row(0).State.Current);
        Assert.Equal(0, Failures());
    }

    [Fact]
    public void Fails_when_its_agent_is_older_than_the_version_asks_part_by_part()
    {
        world.Flow.AddVersion("v3", "1.10.0");
        world.Devices[0].SetAgentVersion("1.9.9");
        world.Devices[1].SetAgentVersion("1.10.0");
        Assert.Equal(201, world.Release("v3", 0, 1).Status);
        world.Pass(2);
        Assert.Equal(("v1", "v3"), (world.Row(0).State.Current, world.Row(1).State.Current));
        Assert.Contains("1.10.0", world.Row(0).State.Logs[0].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_when_the_version_was_deleted_meanwhile()
    {
        world.Release("v2", 0);
        world.Flow.DeleteVersion("v2");
        world.Pass(2);
        Assert.Equal(1, Failures());
    }

    [Fact]
    public void Never_reports_when_it_never_answers()
    {
        world.Devices[0].SetOutcome("v2", Outcome.NeverAnswers);
        world.Release("v2", 0);
        world.Pass(1000);
        Assert.Equal("v2", world.Row(0).State.Desired);
        Assert.True(world.Row(0).State.Logs[0].Desired);
    }

    [Fact]
    public void Goes_away_for_good_after_a_version_that_bricks_the_connection()
    {
        world.Devices[0].Behaviour = world.Devices[0].Behaviour with
        {
            Reconnects = new ReconnectPattern(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)),
        };
        world.Devices[0].SetOutcome("v2", Outcome.BricksConnection);
        world.Release("v2", 0);
        world.Pass(3600);
        Assert.Equal("v2", world.Row(0).State.Current);
        Assert.False(world.Devices[0].Connected);
    }

    [Fact]
    public void Comes_and_goes_by_its_pattern()
    {
        world.Devices[0].Behaviour = world.Devices[0].Behaviour with
        {
            Reconnects = new ReconnectPattern(TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1)),
        };
        world.Pass(299);
        Assert.True(world.Devices[0].Connected);
        world.Pass(1);
        Assert.False(world.Devices[0].Connected);
        world.Pass(60);
        Assert.True(world.Devices[0].Connected);
    }

    [Fact]
    public void Empties_the_row_when_a_removal_is_applied()
    {
        world.Release(null, 0);
        Assert.Equal(("v1", null), (world.Row(0).State.Current, world.Row(0).State.Desired));
        world.Pass(1);
        Assert.True(world.Row(0).State.Empty);
    }

    [Fact]
    public void Applies_what_waited_when_a_restored_device_connects()
    {
        world.Devices[0].Disconnect();
        world.Release("v2", 0);
        world.Devices[0].Remove();
        world.Devices[0].Connect();
        Assert.False(world.Devices[0].Connected);
        world.Devices[0].Restore();
        world.Devices[0].Connect();
        world.Pass(1);
        Assert.Equal("v2", world.Row(0).State.Current);
    }

    [Fact]
    public void Obeys_a_foreign_writer_and_names_him()
    {
        world.Application.ForeignWrite(world.Devices[0], world.Flow, "v2", new LogSource("flow", world.Flow.Id));
        Assert.Equal(new LogSource("flow", world.Flow.Id), world.Row(0).State.Logs[0].By);
        world.Pass(1);
        Assert.Equal("v2", world.Row(0).State.Current);
    }

    private int Failures() => world.Row(0).State.Logs.Count(entry => entry.Error is not null);
}

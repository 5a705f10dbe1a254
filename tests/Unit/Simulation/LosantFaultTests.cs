using System.Text.RegularExpressions;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantFaultTests
{
    private readonly LosantWorld world = new(5, new LosantUnknowns { MaxPerPage = 2 });

    [Theory]
    [InlineData(FaultKind.Status408, 408, false)]
    [InlineData(FaultKind.Status429, 429, false)]
    [InlineData(FaultKind.Status500, 500, false)]
    [InlineData(FaultKind.Status502, 502, false)]
    [InlineData(FaultKind.Status503, 503, false)]
    [InlineData(FaultKind.Status504, 504, false)]
    [InlineData(FaultKind.Status408AfterApply, 408, true)]
    [InlineData(FaultKind.Status429AfterApply, 429, true)]
    [InlineData(FaultKind.Status500AfterApply, 500, true)]
    [InlineData(FaultKind.Status502AfterApply, 502, true)]
    [InlineData(FaultKind.Status503AfterApply, 503, true)]
    [InlineData(FaultKind.Status504AfterApply, 504, true)]
    [InlineData(FaultKind.ConnectionRefused, 0, false)]
    [InlineData(FaultKind.ResetBefore, 0, false)]
    [InlineData(FaultKind.TimeoutBefore, 0, false)]
    [InlineData(FaultKind.ResetAfter, 201, true)]
    [InlineData(FaultKind.TimeoutAfter, 201, true)]
    public void Hits_a_write_once_before_or_after_it_was_done(FaultKind kind, int status, bool done)
    {
        world.Losant.Faults.Add(new FaultRule(kind) { Count = 1 });
        Assert.Equal(status, world.Release("v2", 0).Status);
        Assert.Equal(done ? "v2" : "v1", world.Row(0).State.Desired);
        Assert.Equal(1, world.Losant.Faults.Counts[kind]);
        var request = Assert.IsType<RequestRecord>(world.Losant.Record.Entries[0]);
        Assert.Equal((status, kind.ToString()), (request.Status, request.Fault));
        Assert.Equal(201, world.Release("v2", 0).Status);
        Assert.Equal(1, world.Losant.Faults.Counts[kind]);
    }

    [Theory]
    [InlineData(FaultKind.ConnectionRefused, Transport.Refused)]
    [InlineData(FaultKind.ResetBefore, Transport.Reset)]
    [InlineData(FaultKind.ResetAfter, Transport.Reset)]
    [InlineData(FaultKind.TimeoutBefore, Transport.Silent)]
    [InlineData(FaultKind.TimeoutAfter, Transport.Silent)]
    [InlineData(FaultKind.CutBody, Transport.Cut)]
    [InlineData(FaultKind.SlowBody, Transport.Slow)]
    public void Says_how_the_connection_fails(FaultKind kind, Transport transport)
    {
        world.Losant.Faults.Add(new FaultRule(kind));
        Assert.Equal(transport, world.Rows().Response.Transport);
    }

    [Fact]
    public void Schedules_only_the_first_few_targets()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.PartialApply));
        Assert.Equal(201, world.Release("v2", 4, 3, 2, 1, 0).Status);
        var moved = world
            .Devices.Select(device => device.FindRow(world.Flow)!.State.Desired == "v2")
            .Reverse()
            .ToArray();
        Assert.False(moved[^1]);
        Assert.Equal(moved.OrderDescending(), moved);
    }

    [Fact]
    public void Takes_effect_minutes_later_and_still_names_the_request()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.DelayedApply) { Count = 1 });
        Assert.Equal(201, world.Release("v2", 0).Status);
        world.Pass(179);
        Assert.Equal("v1", world.Row(0).State.Desired);
        world.Pass(1);
        Assert.Equal("v2", world.Row(0).State.Desired);
        var change = Assert.IsType<DeviceChangeRecord>(world.Losant.Record.Entries[1]);
        Assert.Equal(new Cause(1, false), change.Cause);
    }

    [Fact]
    public void Lists_written_rows_as_before_for_a_while()
    {
        world.AddDevice();
        world.Losant.Faults.Add(new FaultRule(FaultKind.RowInvisible) { Count = 1 });
        world.Release("v2", 0, 5);
        world.Pass(19);
        Assert.Equal(("v1 v1", 5), (Versions(), world.Rows().Total));
        world.Pass(1);
        Assert.Equal(("v2 v2", 6), (Versions(), world.Rows().Total));
    }

    [Fact]
    public void Lists_every_written_row_later_when_the_switch_says_so()
    {
        var other = new LosantWorld(1, new LosantUnknowns { RowsVisibleAfter = TimeSpan.FromSeconds(30) });
        other.Release("v2", 0);
        Assert.Equal(0, other.Rows("version=v2").Total);
        other.Pass(30);
        Assert.Equal(1, other.Rows("version=v2").Total);
    }

    [Fact]
    public void Follows_the_rule_about_route_method_path_and_time()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.Status500) { Route = "edgeDeployments.get" });
        world.Losant.Faults.Add(
            new FaultRule(FaultKind.Status502) { Method = "POST", Until = world.Losant.Now.AddSeconds(10) }
        );
        world.Losant.Faults.Add(
            new FaultRule(FaultKind.Status503)
            {
                Path = new Regex("/devices$", RegexOptions.None, TimeSpan.FromSeconds(1)),
            }
        );
        Assert.Equal(500, world.Rows().Status);
        Assert.Equal(502, world.Release("v2", 0).Status);
        Assert.Equal(503, world.ListDevices("").Status);
        Assert.Equal(200, world.Get($"/applications/{world.Application.Id}").Status);
        world.Pass(10);
        Assert.Equal(201, world.Release("v2", 0).Status);
        world.Losant.Faults.Clear();
        Assert.Equal(200, world.Rows().Status);
    }

    [Fact]
    public void Strikes_by_chance_when_the_rule_has_one()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.Status500) { Probability = 0.5 });
        var failed = Enumerable.Range(0, 1000).Count(_ => world.Rows().Status == 500);
        Assert.InRange(failed, 400, 600);
        Assert.Equal(failed, world.Losant.Faults.Counts[FaultKind.Status500]);
    }

    [Fact]
    public void Counts_what_is_done_to_the_model_from_the_first_request_on()
    {
        Assert.Equal(0, world.Losant.Faults.Counts[FaultKind.DeviceAdded]);
        world.Rows();
        world.AddDevice();
        world.Devices[0].Remove();
        world.Devices[0].Restore();
        world.Devices[0].Retag();
        world.Application.ForeignWrite(world.Devices[0], world.Flow, "v2");
        world.Flow.Republish("v2");
        world.Losant.FindToken(LosantWorld.Token)!.Expire();
        world.Losant.FindToken(LosantWorld.Token)!.Rotate("other");
        Assert.All(
            world.Losant.Faults.Counts.Where(count => count.Key >= FaultKind.DeviceAdded),
            count => Assert.Equal(1, count.Value)
        );
    }

    [Fact]
    public void Has_no_rule_for_what_is_done_to_the_model() =>
        Assert.Throws<ArgumentException>(() => world.Losant.Faults.Add(new FaultRule(FaultKind.ForeignWrite)));

    [Fact]
    public void Sends_retry_after_and_the_date_as_the_switches_say()
    {
        var other = new LosantWorld(1, new LosantUnknowns { RetryAfter = TimeSpan.FromSeconds(7), DateHeader = false });
        other.Losant.Faults.Add(new FaultRule(FaultKind.Status429));
        Assert.Equal("7", other.Rows().Response.Headers["Retry-After"]);
        Assert.False(other.Rows().Response.Headers.ContainsKey("Date"));
        world.Pass(1.7);
        Assert.Equal("Thu, 01 Jan 2026 00:00:01 GMT", world.Rows().Response.Headers["Date"]);
    }

    private string Versions()
    {
        var row = world.Rows("sortField=id").Items[0];
        return $"{row.GetProperty("desiredVersion").GetString()} {row.GetProperty("currentVersion").GetString()}";
    }
}

using System.Text.Json;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantContentFaultTests
{
    private readonly LosantWorld world = new(5, new LosantUnknowns { MaxPerPage = 2 });

    [Fact]
    public void Truncates_json()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.TruncatedJson) { Count = 1 });
        Assert.ThrowsAny<JsonException>(() => world.Rows().Json);
        Assert.Equal(5, world.Rows().Total);
    }

    [Fact]
    public void Gives_one_member_another_type()
    {
        var good = world.Rows().Json;
        world.Losant.Faults.Add(new FaultRule(FaultKind.WrongType));
        var bad = world.Rows().Json;
        var changed = good.EnumerateObject().Count(member => Kind(member.Value) != Kind(bad.GetProperty(member.Name)));
        if (bad.GetProperty("items").ValueKind == JsonValueKind.Array)
        {
            foreach (
                var (before, after) in good.GetProperty("items")
                    .EnumerateArray()
                    .Zip(bad.GetProperty("items").EnumerateArray())
            )
            {
                changed += before
                    .EnumerateObject()
                    .Count(member => Kind(member.Value) != Kind(after.GetProperty(member.Name)));
            }
        }

        Assert.Equal(1, changed);
    }

    [Fact]
    public void Leaves_out_a_member_that_readers_need()
    {
        var good = Members(world.Rows().Json);
        world.Losant.Faults.Add(new FaultRule(FaultKind.MissingFields));
        for (var round = 0; round < 20; round++)
        {
            var bad = Members(world.Rows().Json);
            Assert.True(bad < good, $"{bad} of {good} members");
        }
    }

    [Fact]
    public void Lists_a_row_twice()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.DuplicateRows));
        var reply = world.Rows("perPage=2");
        Assert.Equal((3, 2, 5), (reply.Ids.Length, reply.Ids.Distinct().Count(), reply.Total));
    }

    [Fact]
    public void Leaves_out_a_row_that_it_counts()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.MissingRows));
        var reply = world.Rows("perPage=2");
        Assert.Equal((1, 5), (reply.Ids.Length, reply.Total));
    }

    [Fact]
    public void Shifts_later_pages_only()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.PageShift));
        var ids = world.Application.Rows.Select(row => row.Id).ToArray();
        Assert.Equal(ids[..2], world.Rows("sortField=id").Ids);
        Assert.Equal(0, world.Losant.Faults.Counts[FaultKind.PageShift]);
        var shifted = world.Rows("sortField=id&page=1").Ids;
        Assert.Contains(string.Join(',', shifted), (string[])[$"{ids[1]},{ids[2]}", $"{ids[3]},{ids[4]}"]);
        Assert.Equal(1, world.Losant.Faults.Counts[FaultKind.PageShift]);
    }

    [Fact]
    public void Keeps_a_fault_for_the_request_that_it_can_act_on()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.PageShift) { Count = 1 });
        world.Rows("sortField=id");
        world.Rows("sortField=id&page=1");
        world.Rows("sortField=id&page=1");

        Assert.Equal(1, world.Losant.Faults.Counts[FaultKind.PageShift]);
    }

    [Fact]
    public void Reads_the_oldest_state_that_is_kept_when_asked_for_an_older_one()
    {
        world.Rows();
        world.Release("v2", 0);
        world.Devices[0].Disconnect();
        world.Pass(3600);
        world.Release("v1", 0);
        world.Devices[0].Connect();
        world.Pass(1);
        world.Losant.Faults.Add(new FaultRule(FaultKind.StaleRead) { Delay = TimeSpan.FromHours(2) });

        Assert.Equal(5, world.Rows("perPage=5").Total);
        Assert.Equal(5, world.ListDevices("").Total);
    }

    [Fact]
    public void Reads_a_state_from_some_time_ago()
    {
        world.Pass(60);
        world.Release("v2", 0);
        world.Pass(5);
        world.Losant.Faults.Add(new FaultRule(FaultKind.StaleRead) { Delay = TimeSpan.FromSeconds(4.5), Count = 1 });
        world.Losant.Faults.Add(
            new FaultRule(FaultKind.StaleRead)
            {
                Delay = TimeSpan.FromSeconds(6),
                Skip = 1,
                Count = 1,
            }
        );
        Assert.Equal("v2 v1", Versions());
        Assert.Equal("v1 v1", Versions());
        Assert.Equal("v2 v2", Versions());
    }

    [Fact]
    public void Shows_what_was_set_up_before_the_first_request_at_all_times()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.StaleRead));
        Assert.Equal(5, world.Rows().Total);
        Assert.Equal(5, world.ListDevices("").Total);
        world.AddDevice();
        Assert.Equal(5, world.ListDevices("").Total);
    }

    [Fact]
    public void Reads_old_connections_and_tags_of_devices()
    {
        world.Pass(60);
        world.Devices[0].Disconnect();
        world.Pass(1);
        world.Losant.Faults.Add(new FaultRule(FaultKind.StaleRead) { Count = 1 });
        string Connected() =>
            world
                .ListDevices("sortField=id")
                .Items[0]
                .GetProperty("connectionInfo")
                .GetProperty("connected")
                .GetRawText();
        Assert.Equal("1", Connected());
        Assert.Equal("0", Connected());
    }

    private static JsonValueKind Kind(JsonElement value) =>
        value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;

    private static int Members(JsonElement list) =>
        list.EnumerateObject().Count()
        + (
            list.TryGetProperty("items", out var items)
                ? items.EnumerateArray().Sum(item => item.EnumerateObject().Count())
                : 0
        );

    private string Versions()
    {
        var row = world.Rows("sortField=id").Items[0];
        return $"{row.GetProperty("desiredVersion").GetString()} {row.GetProperty("currentVersion").GetString()}";
    }
}

using System.Text;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantLogTests
{
    [Fact]
    public void Writes_a_schedule_a_success_and_a_failure_in_the_shapes_of_the_schema()
    {
        var world = new LosantWorld(0);
        world.AddDevice();
        world.Release("v1", 0);
        world.Pass(1);
        world.Devices[0].SetOutcome("v2", Outcome.Fails("no disk"));
        world.Release("v2", 0);
        world.Pass(1);
        var (device, token) = (world.Devices[0].Id, world.Losant.FindToken(LosantWorld.Token)!.Id);
        var (one, two) = (Etag(world, "v1"), Etag(world, "v2"));
        Assert.Equal(
            [
                $$"""{"changeType":"current","date":"2026-01-01T00:00:02.000Z","sourceType":"device","sourceId":"{{device}}","attemptedValue":"v2","attemptedEtag":{{two}},"error":"no disk"}""",
                $$"""{"changeType":"desired","date":"2026-01-01T00:00:01.000Z","sourceType":"apiToken","sourceId":"{{token}}","newValue":"v2","previousValue":"v1","newEtag":{{two}},"previousEtag":{{one}}}""",
                $$"""{"changeType":"current","date":"2026-01-01T00:00:01.000Z","sourceType":"device","sourceId":"{{device}}","newValue":"v1","previousValue":null,"newEtag":{{one}}}""",
                $$"""{"changeType":"desired","date":"2026-01-01T00:00:00.000Z","sourceType":"apiToken","sourceId":"{{token}}","newValue":"v1","previousValue":null,"newEtag":{{one}}}""",
            ],
            world.Rows().Items[0].GetProperty("logs").EnumerateArray().Select(entry => entry.GetRawText())
        );
    }

    [Fact]
    public void Keeps_the_newest_25_entries()
    {
        var world = new LosantWorld(1);
        for (var round = 0; round < 20; round++)
        {
            world.Release(round % 2 == 0 ? "v2" : "v1", 0);
            world.Pass(1);
        }

        var logs = world.Row(0).State.Logs;
        Assert.Equal(25, logs.Count);
        Assert.Equal((false, "v1"), (logs[0].Desired, logs[0].New.Name));
        Assert.True(logs.Zip(logs.Skip(1)).All(pair => pair.First.Date >= pair.Second.Date));
    }

    [Fact]
    public void Keeps_and_orders_entries_as_the_switches_say()
    {
        var world = new LosantWorld(1, new LosantUnknowns { LogRetention = 2, LogsOldestFirst = true });
        world.Release("v2", 0);
        world.Pass(1);
        Assert.Equal(
            ["desired", "current"],
            world
                .Rows()
                .Items[0]
                .GetProperty("logs")
                .EnumerateArray()
                .Select(entry => entry.GetProperty("changeType").GetString())
        );
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void Logs_a_release_of_what_is_desired_already_as_the_switch_says(bool logs, int entries)
    {
        var world = new LosantWorld(1, new LosantUnknowns { RepeatedReleaseLogs = logs });
        var before = world.Row(0).State;
        world.Pass(10);
        world.Release("v1", 0);
        Assert.Equal(entries, world.Row(0).State.Logs.Count - before.Logs.Count);
        Assert.Equal(logs, world.Row(0).State.LastUpdated > before.LastUpdated);
        Assert.Empty(world.Losant.Record.Entries.OfType<DeviceChangeRecord>());
    }

    [Fact]
    public void Leaves_etags_and_nulls_out_as_the_switches_say()
    {
        var world = new LosantWorld(1, new LosantUnknowns { Etags = false, OmitsNulls = true });
        world.Release(null, 0);
        var text = world.Rows().Text;
        Assert.DoesNotContain("tag\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("null", text, StringComparison.Ordinal);
        Assert.DoesNotContain("desiredVersion", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Records_requests_and_what_they_cause_in_order()
    {
        var world = new LosantWorld(1);
        world.Release("v2", 0);
        world.Pass(1);
        world.Devices[0].Disconnect();
        world.Application.ForeignWrite(world.Devices[0], world.Flow, null);
        world.Get("/nowhere", "a=b");
        var (device, flow) = (world.Devices[0].Id, world.Flow.Id);
        var (token, two) = (world.Losant.FindToken(LosantWorld.Token)!.Id, Etag(world, "v2"));
        Assert.Equal(
            [
                $$$"""{"seq":1,"at":"2026-01-01T00:00:00.000Z","kind":"request","method":"POST","path":"{{{world.Deployments}}}/release","query":"","body":{"flowId":"{{{flow}}}","version":"v2","deviceIds":["{{{device}}}"]},"status":201,"tokenId":"{{{token}}}"}""",
                $$"""{"seq":2,"at":"2026-01-01T00:00:00.000Z","kind":"device","deviceId":"{{device}}","flowId":"{{flow}}","field":"desired","from":"v1","to":"v2","etag":{{two}},"cause":1}""",
                $$"""{"seq":3,"at":"2026-01-01T00:00:01.000Z","kind":"device","deviceId":"{{device}}","flowId":"{{flow}}","field":"current","from":"v1","to":"v2","etag":{{two}},"cause":"device"}""",
                $$"""{"seq":4,"at":"2026-01-01T00:00:01.000Z","kind":"device","deviceId":"{{device}}","flowId":null,"field":"connected","from":true,"to":false,"etag":null,"cause":"device"}""",
                $$"""{"seq":5,"at":"2026-01-01T00:00:01.000Z","kind":"device","deviceId":"{{device}}","flowId":"{{flow}}","field":"desired","from":"v2","to":null,"etag":null,"cause":"foreign"}""",
                $$"""{"seq":6,"at":"2026-01-01T00:00:01.000Z","kind":"request","method":"GET","path":"/nowhere","query":"a=b","body":null,"status":405,"tokenId":"{{token}}"}""",
            ],
            world.Losant.Record.Entries.Select(entry => Encoding.UTF8.GetString(RecordLine.Of(entry)))
        );
        Assert.Equal([5, 6], world.Losant.Record.After(4).Select(entry => entry.Seq));
    }

    [Fact]
    public void Tells_subscribers_of_each_entry_when_it_is_appended()
    {
        var world = new LosantWorld(1);
        var seen = new List<long>();
        world.Losant.Record.Subscribe(entry =>
        {
            Assert.Same(world.Losant.Record.Entries[^1], entry);
            seen.Add(entry.Seq);
        });
        world.Release("v2", 0);
        world.Pass(5);
        Assert.Equal([1, 2, 3], seen);
    }

    [Fact]
    public void Forgets_the_oldest_entries_beyond_the_limit()
    {
        var losant = new SimulatedLosant(new SimulationOptions { RecordLimit = 10 });
        for (var number = 0; number < 100; number++)
        {
            losant.Handle(new SimulatedRequest("GET", "/", "", new Dictionary<string, string>(), default));
        }

        Assert.InRange(losant.Record.Entries.Count, 1, 10);
        Assert.Equal(100, losant.Record.Entries[^1].Seq);
        Assert.Equal([99, 100], losant.Record.After(98).Select(entry => entry.Seq));
    }

    [Fact]
    public void Repeats_itself_for_an_equal_seed_and_differs_for_another()
    {
        Assert.Equal(Story(7), Story(7));
        Assert.NotEqual(Story(7), Story(8));
    }

    private static string Story(int seed)
    {
        var losant = new SimulatedLosant(new SimulationOptions { Seed = seed });
        var application = PackagingLine.AddTo(losant, "t", 20);
        losant.Faults.Add(new FaultRule(FaultKind.Status500) { Probability = 0.3 });
        losant.Faults.Add(new FaultRule(FaultKind.PartialApply) { Probability = 0.5 });
        var headers = new Dictionary<string, string>
        {
            ["Authorization"] = "Bearer t",
            ["Content-Type"] = "application/json",
        };
        for (var round = 0; round < 20; round++)
        {
            var body =
                $$"""{"flowId":"{{application.Flows[0].Id}}","version":"v1.{{4 + (round % 2)}}.0","deviceTags":[{"key":"line"}]}""";
            var path = $"/applications/{application.Id}/edge/deployments/release";
            losant.Handle(new SimulatedRequest("POST", path, "", headers, Encoding.UTF8.GetBytes(body)));
            losant.AdvanceTo(losant.Now + TimeSpan.FromSeconds(1));
        }

        return string.Join('\n', losant.Record.Entries.Select(entry => Encoding.UTF8.GetString(RecordLine.Of(entry))));
    }

    private static string Etag(LosantWorld world, string version) =>
        "\"" + world.Flow.FindVersion(version)!.Etag.Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";
}

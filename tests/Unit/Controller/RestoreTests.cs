using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>A fleet on many previous versions, on none, and with strangers at work goes back: each device to its own, in
/// as few calls as there are versions (I8, I3).</summary>
public sealed class RestoreTests
{
    [Theory]
    [InlineData(1, 2100)]
    [InlineData(2, 30)]
    [InlineData(5, 12)]
    [InlineData(20, 4)]
    public void Sends_each_device_back_to_its_own_version_in_few_calls_and_lists_those_of_strangers(
        int versions,
        int each
    )
    {
        using var bench = new Bench();
        for (var version = 1; version <= versions; version++)
        {
            bench.Flow.AddVersion($"p{version}");
            bench.Add(each, $"p{version}");
        }

        bench.Add(3, version: null);
        var before = bench.Application.Devices.ToDictionary(device => device.Id, Runs);
        bench.Start();
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'limits': {'maxUnavailable': '100%'}}");
        bench.Until(Phase.Complete);
        var (seen, unseen) = (bench.Application.Devices[0], bench.Application.Devices[^1]);
        bench.Application.ForeignWrite(seen, bench.Flow, "v4");
        bench.Run(TimeSpan.FromMinutes(3));
        var sent = bench.Posts.Count;

        bench.Application.ForeignWrite(unseen, bench.Flow, "v3");
        bench.Annotate(Annotations.Abort, "r1");
        bench.Until(Phase.RolledBack);

        var strangers = new Dictionary<string, string?> { [seen.Id] = "v4", [unseen.Id] = "v3" };
        foreach (var device in bench.Application.Devices)
        {
            Assert.Equal(strangers.GetValueOrDefault(device.Id, before[device.Id]), Runs(device));
        }

        var back = bench.Posts.Skip(sent).Select(post => JsonNode.Parse(post.Body!)!).ToList();
        var told = back.SelectMany(order => order["deviceIds"]!.AsArray().Select(id => (string)id!)).ToList();
        Assert.Distinct(told);
        Assert.Equal(before.Keys.Except(strangers.Keys).Order(), told.Order());
        Assert.Equal(((each - 1) / 1000) + 1 + versions, back.Count);
        Assert.Equal(2, bench.Status.Devices!.Drifted);
        var drift = bench.Status.Conditions.Single(condition => condition.Type == ConditionTypes.DriftDetected);
        Assert.Contains("2 devices left alone", drift.Message, StringComparison.Ordinal);
        Assert.Contains(seen.Id, drift.Message, StringComparison.Ordinal);
        Assert.All(bench.Rows, row => Assert.Equal(before[row.Device.ToString()], row.Previous));
        Assert.Superset(strangers.Keys.ToHashSet(), bench.Rows.Select(row => row.Device.ToString()).ToHashSet());

        string? Runs(SimulatedDevice device) => device.FindRow(bench.Flow)?.State.Current;
    }
}

using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Full scans and the lists of changes between them find everything, in as few pages as can be.</summary>
public sealed class FleetScanTests
{
    private const string All = "{'version': 'v2', 'rolloutPercentage': 100}";

    [Fact]
    public void Reads_a_fleet_in_pages_of_a_thousand()
    {
        using var bench = new Bench();
        bench.Add(2500);
        bench.Start();
        bench.Apply("{'version': 'v1', 'rolloutPercentage': 100}");
        bench.Until(Phase.Complete);

        Assert.Equal(3, Reads(bench, "/devices").Count);
        Assert.Equal(3, Reads(bench, "/edge/deployments").Count);
    }

    [Theory]
    [InlineData(5, 1)]
    [InlineData(990, 2)]
    [InlineData(2400, 4)]
    public void Reads_as_many_pages_as_rows_changed(int changed, int pages)
    {
        using var bench = new Bench();
        bench.Add(5000);
        bench.Start();
        bench.Apply("{'version': 'v1', 'rolloutPercentage': 100, 'policy': {'mode': 'Observe'}}");
        bench.Run(TimeSpan.FromMinutes(5));
        foreach (var device in bench.Application.Devices.Take(changed))
        {
            bench.Application.ForeignWrite(device, bench.Flow, "v3");
        }

        var before = bench.Requests.Count();
        bench.Until(() =>
            bench.Requests.Skip(before).Any(request => request.Path.EndsWith("/devices", StringComparison.Ordinal))
        );

        Assert.Equal(
            pages,
            Reads(bench, "/edge/deployments").Count(request => request.Seq > bench.Requests.ElementAt(before).Seq - 1)
        );
        Assert.InRange(pages, 1, ((changed + 1 + 999) / 1000) + 1);
        bench.Until(() => bench.Status.Versions.GetValueOrDefault("v3") == changed);
    }

    [Fact]
    public void Reads_everything_every_half_hour()
    {
        using var bench = new Bench();
        bench.Add(5, version: null);
        bench.Start();
        bench.Apply("{'version': 'v1', 'rolloutPercentage': 0}");
        bench.Run(TimeSpan.FromMinutes(2));
        bench.Application.Devices[0].Remove();
        bench.Run(TimeSpan.FromMinutes(25));
        Assert.Equal(5, bench.Status.Devices!.Matched);

        bench.Run(TimeSpan.FromMinutes(8));

        Assert.Equal(4, bench.Status.Devices!.Matched);
    }

    [Fact]
    public void Misses_no_device_that_vanished_with_its_row()
    {
        using var bench = new Bench();
        bench.Add(5);
        bench.Start();
        bench.Apply("{'version': 'v1', 'rolloutPercentage': 100}");
        bench.Run(TimeSpan.FromMinutes(5));
        bench.Application.Devices[0].Remove();

        bench.Run(TimeSpan.FromMinutes(4));

        Assert.Equal(4, bench.Status.Devices!.Matched);
    }

    [Fact]
    public void Goes_on_where_a_report_does_not_change_what_the_list_is_sorted_by()
    {
        using var bench = new Bench(new LosantUnknowns { ReportsChangeLastUpdated = false });
        var slow = TimeSpan.FromSeconds(5);
        bench.Add(6, behaviour: new DeviceBehaviour { ApplyLatency = new Spread(slow, slow) });
        bench.Start();
        bench.Apply(All);

        bench.Until(Phase.Complete);

        bench.Run(TimeSpan.FromMinutes(3));
        var status = ApplicationObject.Of(bench.Cluster.All(Kinds.Application)[0]).Status!;
        var condition = status.Conditions.Single(each => each.Type == ConditionTypes.FullScansOnly);
        Assert.Equal(ConditionStatus.True, condition.Status);
        Assert.Equal(Reasons.ChangesMissed, condition.Reason);
    }

    [Fact]
    public void Says_nothing_of_full_scans_where_the_lists_of_changes_are_right()
    {
        using var bench = new Bench();
        bench.Add(6);
        bench.Start();
        bench.Apply(All);
        bench.Until(Phase.Complete);
        bench.Run(TimeSpan.FromHours(2));

        var status = ApplicationObject.Of(bench.Cluster.All(Kinds.Application)[0]).Status!;
        Assert.Equal(ConditionTypes.Ready, Assert.Single(status.Conditions).Type);
    }

    private static List<RequestRecord> Reads(Bench bench, string path) =>
        [
            .. bench.Requests.Where(request =>
                request.Method == "GET" && request.Path.EndsWith(path, StringComparison.Ordinal)
            ),
        ];
}

using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

public sealed class DeploymentTests
{
    private static Task<DeploymentScan> Scan(ILosant losant) =>
        losant.ScanDeploymentsAsync(Script.Flow, CancellationToken.None);

    [Fact]
    public void Asks_for_the_rows_of_the_flow_by_rising_id()
    {
        var script = Script.Of(Script.Json(Rows.Page([Rows.Deployment(1)], 1)));

        script.Run(Scan);

        var sent = Assert.Single(script.Requests);
        Assert.Equal($"/applications/{Script.Application}/edge/deployments", sent.Uri.AbsolutePath);
        Assert.Equal(Script.Flow, sent.Query("flowId"));
        Assert.Equal("id asc 1000", $"{sent.Query("sortField")} {sent.Query("sortDirection")} {sent.Query("perPage")}");
    }

    [Fact]
    public void Keeps_the_newest_of_two_rows_of_one_device()
    {
        var page = Rows.Page(
            [
                Rows.Deployment(1, 7, ""","currentVersion":"new","lastUpdated":"2026-03-01T10:00:01Z" """),
                Rows.Deployment(2, 7, ""","currentVersion":"old","lastUpdated":"2026-03-01T10:00:00Z" """),
                Rows.Deployment(3, 8, ""),
            ],
            3
        );

        var scan = Script.Of(Script.Json(page)).Run(Scan);

        Assert.Equal(["new", null], scan.Rows.Select(row => row.Current));
    }

    [Fact]
    public void Keeps_the_row_that_was_read_last_when_both_are_equally_new()
    {
        var page = Rows.Page(
            [
                Rows.Deployment(1, 7, ""","currentVersion":"first","lastUpdated":"2026-03-01T10:00:00Z" """),
                Rows.Deployment(2, 7, ""","currentVersion":"second","lastUpdated":"2026-03-01T10:00:00Z" """),
            ],
            2
        );

        Assert.Equal("second", Assert.Single(Script.Of(Script.Json(page)).Run(Scan).Rows).Current);
    }

    [Fact]
    public void Refuses_a_flow_id_that_is_none_before_asking() =>
        Assert.Throws<ArgumentException>(() =>
            Script.Of().Run(losant => losant.ScanDeploymentsAsync("../devices", CancellationToken.None))
        );
}

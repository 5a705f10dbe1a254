using EdgeRelease.Losant;
using Xunit;
using static EdgeRelease.Tests.Unit.Losant.DeploymentPages;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>All deployments are read in few requests, and a scan says whether it can have missed any.</summary>
public sealed class ScanTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(999, 1)]
    [InlineData(1000, 2)]
    [InlineData(1001, 2)]
    [InlineData(2500, 3)]
    [InlineData(20_000, 21)]
    [InlineData(100_000, 104)]
    public void Reads_every_row_with_few_requests(int count, int requests)
    {
        int[] rows = [.. Enumerable.Range(1, count)];
        var script = new Script(sent => PageOf(rows, sent));

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Equal(Ids(rows), scan.Rows.Select(row => row.Device).Order());
        Assert.Equal(requests, script.Requests.Count);
    }

    [Fact]
    public void Begins_each_page_at_a_row_that_the_page_before_ended_with()
    {
        int[] rows = [.. Enumerable.Range(1, 9000)];
        var script = new Script(sent => PageOf(rows, sent));

        script.Run(Scan);

        var ends = script.Requests.Select(sent => (sent.Page + 1) * sent.PerPage);
        var starts = script.Requests.Skip(1).Select(sent => sent.Page * sent.PerPage);
        Assert.All(ends.Zip(starts), border => Assert.InRange(border.First - border.Second, 1, 60));
    }

    [Fact]
    public void Trusts_the_page_size_that_losant_answers_with()
    {
        int[] rows = [.. Enumerable.Range(1, 250)];
        var script = new Script(sent => PageOf(rows, sent.AtMost(100)));

        Assert.Equal(250, script.Run(Scan).Rows.Count);
        Assert.Equal(3, script.Requests.Count);
    }

    [Fact]
    public void Asks_for_small_pages_once_losant_refused_a_large_one()
    {
        int[] rows = [.. Enumerable.Range(1, 250)];
        var script = new Script(sent => sent.PerPage > 100 ? Script.Status(400) : PageOf(rows, sent));
        var losant = script.Connect();

        Assert.Equal(250, script.Time.Run(() => Scan(losant)).Rows.Count);
        Assert.Equal(250, script.Time.Run(() => Scan(losant)).Rows.Count);

        Assert.Equal([1000, 100], script.Requests.Take(2).Select(sent => sent.PerPage));
        Assert.Equal(1, script.Requests.Count(sent => sent.PerPage > 100));
    }

    [Fact]
    public void Is_refused_when_a_small_page_is_refused_too()
    {
        var script = new Script(_ => Script.Status(400));

        Assert.Equal(LosantReason.RequestRefused, script.Fail(Scan).Reason);
        Assert.Equal(2, script.Requests.Count);
    }

    [Fact]
    public void Starts_again_after_a_page_with_fewer_rows_than_the_total_says()
    {
        int[] rows = [.. Enumerable.Range(1, 2500)];
        var calls = 0;
        var script = new Script(sent =>
            ++calls == 2
                ? Script.Json(Rows.Page([Rows.Deployment(1000)], rows.Length, sent.PerPage))
                : PageOf(rows, sent)
        );

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Equal(2500, scan.Rows.Count);
        Assert.Equal(2, script.Requests.Count(sent => sent.Page == 0));
    }

    [Fact]
    public void Starts_again_when_a_row_stands_twice()
    {
        var calls = 0;
        var script = new Script(_ =>
            Script.Json(
                ++calls == 1
                    ? Rows.Page([Rows.Deployment(1), Rows.Deployment(1)], 2)
                    : Rows.Page([Rows.Deployment(1)], 1)
            )
        );

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Single(scan.Rows);
    }

    [Fact]
    public void Unites_two_scans_after_three_that_did_not_hold_still()
    {
        var calls = 0;
        var script = new Script(_ =>
        {
            var pass = ++calls;
            var moving = Rows.Deployment(
                50 - pass,
                1,
                $",\"currentVersion\":\"v{pass}\",\"lastUpdated\":\"2026-03-01T10:00:0{pass}Z\""
            );
            return Script.Json(Rows.Page([Rows.Deployment(90 + pass), moving], 2));
        });

        var scan = script.Run(Scan);

        Assert.False(scan.AbsentRowsAreCertain);
        Assert.Equal(3, script.Requests.Count);
        Assert.Equal(Ids([1, 92, 93]), scan.Rows.Select(row => row.Device).Order());
        Assert.Equal("v3", scan.Rows.Single(row => row.Device == Rows.DeviceId(1)).Current);
    }

    [Fact]
    public void Is_not_certain_when_pages_cannot_be_joined()
    {
        // A server that takes no size but its own begins no page at a row that was read.
        int[] rows = [.. Enumerable.Range(1, 250)];
        var script = new Script(sent => PageOf(rows, sent.Of(100)));

        var scan = script.Run(Scan);

        Assert.False(scan.AbsentRowsAreCertain);
        HasAll(rows, scan);
        Assert.InRange(script.Requests.Count, 9, 20);
    }

    [Fact]
    public void Gives_up_on_a_list_that_never_ends()
    {
        var total = 100_000;
        var script = new Script(_ => Script.Json(Rows.Page([Rows.Deployment(1)], ++total, perPage: 1)));

        Assert.Equal(LosantReason.Unreadable, script.Fail(Scan).Reason);
        Assert.InRange(script.Requests.Count, 1, 25_000);
    }
}

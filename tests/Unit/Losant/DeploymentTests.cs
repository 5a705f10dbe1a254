using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

public sealed class DeploymentTests
{
    private static Task<DeploymentScan> Scan(ILosant losant) =>
        losant.ScanDeploymentsAsync(Script.Flow, CancellationToken.None);

    private static HttpResponseMessage PageOf(IReadOnlyList<int> rows, int page, int perPage = 1000) =>
        Script.Json(
            Rows.Page(
                [.. rows.Skip(page * perPage).Take(perPage).Select(row => Rows.Deployment(row))],
                rows.Count,
                perPage
            )
        );

    private static IEnumerable<DeviceId> Ids(IEnumerable<int> numbers) => numbers.Select(Rows.DeviceId);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(999, 1)]
    [InlineData(1000, 1)]
    [InlineData(1001, 3)]
    [InlineData(2500, 4)]
    public void Reads_every_row_with_few_requests(int count, int requests)
    {
        int[] rows = [.. Enumerable.Range(1, count)];
        var script = new Script(sent => PageOf(rows, sent.Page));

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Equal(Ids(rows), scan.Rows.Select(row => row.Device).Order());
        Assert.Equal(requests, script.Requests.Count);
    }

    [Fact]
    public void Asks_for_the_rows_of_the_flow_by_rising_id()
    {
        var script = new Script(sent => PageOf([1], sent.Page));

        script.Run(Scan);

        var sent = Assert.Single(script.Requests);
        Assert.Equal($"/applications/{Script.Application}/edge/deployments", sent.Uri.AbsolutePath);
        Assert.Equal(Script.Flow, sent.Query("flowId"));
        Assert.Equal("id asc 1000", $"{sent.Query("sortField")} {sent.Query("sortDirection")} {sent.Query("perPage")}");
    }

    [Fact]
    public void Trusts_the_page_size_that_losant_answers_with()
    {
        int[] rows = [.. Enumerable.Range(1, 250)];
        var script = new Script(sent => PageOf(rows, sent.Page, perPage: 100));

        Assert.Equal(250, script.Run(Scan).Rows.Count);
        Assert.Equal(4, script.Requests.Count);
    }

    [Fact]
    public void Reads_the_pages_from_the_last_to_the_first()
    {
        int[] rows = [.. Enumerable.Range(1, 3001)];
        var script = new Script(sent => PageOf(rows, sent.Page));

        script.Run(Scan);

        Assert.Equal([0, 3, 2, 1, 0], script.Requests.Select(sent => sent.Page));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1500)]
    [InlineData(2999)]
    public void Misses_no_row_when_others_vanish_while_it_reads(int gone)
    {
        List<int> rows = [.. Enumerable.Range(1, 3500)];
        var script = new Script(sent =>
        {
            var answer = PageOf(rows, sent.Page);
            if (sent.Page == 2)
            {
                rows.RemoveRange(0, gone);
            }

            return answer;
        });

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Superset(Ids(rows).ToHashSet(), scan.Rows.Select(row => row.Device).ToHashSet());
        Assert.Equal(5, script.Requests.Count);
    }

    [Fact]
    public void Misses_no_row_when_one_vanishes_and_another_joins()
    {
        List<int> rows = [.. Enumerable.Range(1, 2500)];
        var script = new Script(sent =>
        {
            var answer = PageOf(rows, sent.Page);
            if (sent.Page == 2)
            {
                rows.Remove(2400);
                rows.Add(9000);
            }

            return answer;
        });

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Superset(Ids(Enumerable.Range(1, 2399)).ToHashSet(), scan.Rows.Select(row => row.Device).ToHashSet());
        Assert.Equal(4, script.Requests.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Starts_again_when_rows_moved_between_the_pages_though_the_total_did_not(int shift)
    {
        int[] rows = [.. Enumerable.Range(1, 2500)];
        var calls = 0;
        var script = new Script(sent =>
        {
            var from = (sent.Page * 1000) + (++calls == 3 ? shift : 0);
            return Script.Json(Rows.Page([.. rows.Skip(from).Take(1000).Select(row => Rows.Deployment(row))], 2500));
        });

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Equal(Ids(rows), scan.Rows.Select(row => row.Device).Order());
        Assert.Equal(8, script.Requests.Count);
    }

    [Fact]
    public void Starts_again_after_a_page_with_fewer_rows_than_the_total_says()
    {
        int[] rows = [.. Enumerable.Range(1, 2500)];
        var calls = 0;
        var script = new Script(sent =>
            ++calls == 3 ? Script.Json(Rows.Page([Rows.Deployment(1001)], rows.Length)) : PageOf(rows, sent.Page)
        );

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Equal(2500, scan.Rows.Count);
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
    public void Misses_no_row_although_the_total_falls_with_every_page()
    {
        var total = 10_000;
        var script = new Script(sent => PageOf([.. Enumerable.Range(1, total -= 100)], sent.Page));

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        Assert.Superset(Ids(Enumerable.Range(1, total)).ToHashSet(), scan.Rows.Select(row => row.Device).ToHashSet());
        Assert.Equal(11, script.Requests.Count);
    }

    [Fact]
    public void Gives_up_on_a_list_that_never_ends()
    {
        var total = 100_000;
        var script = new Script(_ => Script.Json(Rows.Page([Rows.Deployment(1)], ++total, perPage: 1)));

        Assert.Equal(LosantReason.Unreadable, script.Fail(Scan).Reason);
        Assert.InRange(script.Requests.Count, 1, 25_000);
    }

    [Fact]
    public void Never_misses_a_row_that_stays_while_others_come_and_go()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var accepted = 0;
        for (var round = 0; round < 300; round++)
        {
            SortedSet<int> rows = [.. Enumerable.Range(0, 60).Select(_ => random.Next(1, 500))];
            HashSet<int> stayed = [.. rows];
            var next = 500;
            var script = new Script(sent =>
            {
                var answer = PageOf([.. rows], sent.Page, perPage: 10);
                for (var deaths = random.Next(-2, 3); deaths > 0 && rows.Count > 0; deaths--)
                {
                    var gone = rows.ElementAt(random.Next(rows.Count));
                    rows.Remove(gone);
                    stayed.Remove(gone);
                }

                if (random.Next(4) == 0)
                {
                    rows.Add(next++);
                }

                return answer;
            });

            var scan = script.Run(Scan);

            var missing = stayed.Except(scan.Rows.Select(row => (int)row.Device.Value));
            accepted += scan.AbsentRowsAreCertain ? 1 : 0;
            Assert.True(
                !scan.AbsentRowsAreCertain || !missing.Any(),
                $"seed {seed}, round {round}: {string.Join(' ', missing)}"
            );
        }

        Assert.True(accepted > 200, $"seed {seed}: {accepted} of 300 accepted");
    }

    [Fact]
    public void Refuses_a_flow_id_that_is_none_before_asking() =>
        Assert.Throws<ArgumentException>(() =>
            Script.Of().Run(losant => losant.ScanDeploymentsAsync("../devices", CancellationToken.None))
        );
}

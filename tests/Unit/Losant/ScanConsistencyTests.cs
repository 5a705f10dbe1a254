using Xunit;
using static EdgeRelease.Tests.Unit.Losant.DeploymentPages;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>A scan misses no row that stays while others come and go.</summary>
public sealed class ScanConsistencyTests
{
    [Fact]
    public void Misses_no_row_when_one_is_restored_before_it()
    {
        List<int> rows = [.. Enumerable.Range(2, 2000)];
        var reads = 0;
        var script = new Script(sent =>
        {
            var answer = PageOf(rows, sent);
            if (++reads == 2)
            {
                rows.Insert(0, 1);
            }

            return answer;
        });

        HasAll(Enumerable.Range(2, 2000), script.Run(Scan));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1500)]
    [InlineData(2999)]
    public void Misses_no_row_when_others_vanish_while_it_reads(int gone)
    {
        List<int> rows = [.. Enumerable.Range(1, 5500)];
        var reads = 0;
        var script = new Script(sent =>
        {
            var answer = PageOf(rows, sent);
            if (++reads == 4)
            {
                rows.RemoveRange(0, gone);
            }

            return answer;
        });

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        HasAll(rows, scan);
        Assert.InRange(script.Requests.Count, 6, 10);
    }

    [Fact]
    public void Misses_no_row_when_one_vanishes_before_it_and_another_joins_behind()
    {
        List<int> rows = [.. Enumerable.Range(1, 2500)];
        var reads = 0;
        var script = new Script(sent =>
        {
            var answer = PageOf(rows, sent);
            if (++reads == 1)
            {
                rows.RemoveRange(0, 2);
                rows.AddRange([9000, 9001]);
            }

            return answer;
        });

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        HasAll(rows, scan);
        Assert.Equal(5, script.Requests.Count);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Misses_no_row_of_a_page_that_is_shifted_though_the_total_is_not(int shift)
    {
        int[] rows = [.. Enumerable.Range(1, 2500)];
        var calls = 0;
        var script = new Script(sent => PageOf(rows, sent, ++calls == 2 ? shift : 0));

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        HasAll(rows, scan);
    }

    [Fact]
    public void Misses_no_row_although_the_total_falls_with_every_page()
    {
        var total = 10_000;
        var script = new Script(sent => PageOf(Enumerable.Range(1, total -= 100), sent));

        var scan = script.Run(Scan);

        Assert.True(scan.AbsentRowsAreCertain);
        HasAll(Enumerable.Range(1, total), scan);
        Assert.InRange(script.Requests.Count, 10, 15);
    }

    [Fact]
    public void Never_misses_a_row_that_stays_while_others_come_and_go_anywhere()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var (accepted, rounds, edits) = (0, 0, 0);
        for (; edits < MovingList.EnoughEdits; rounds++)
        {
            var list = new MovingList(random);
            var script = new Script(sent => list.Answer(rows => PageOf(rows, sent.AtMost(10))));

            var scan = script.Run(Scan);

            edits += list.Edits;
            accepted += scan.AbsentRowsAreCertain ? 1 : 0;
            var missing = list.Stayed.Except(scan.Rows.Select(row => (int)row.Device.Value));
            Assert.True(
                !scan.AbsentRowsAreCertain || !missing.Any(),
                $"seed {seed}, round {rounds}: {string.Join(' ', missing)}"
            );
        }

        Assert.True(accepted > rounds / 2, $"seed {seed}: {accepted} of {rounds} accepted");
    }
}

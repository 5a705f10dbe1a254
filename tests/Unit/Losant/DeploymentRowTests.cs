using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>What is read of one row of a flow.</summary>
public sealed class DeploymentRowTests
{
    private static Task<DeploymentScan> Scan(ILosant losant) =>
        losant.ScanDeploymentsAsync(Script.Flow, CancellationToken.None);

    private static DeploymentRow One(string more)
    {
        var scan = Script.Of(Script.Json(Rows.Page([Rows.Deployment(1, more)], 1))).Run(Scan);
        return Assert.Single(scan.Rows);
    }

    [Fact]
    public void Reads_what_a_release_needs()
    {
        var row = One(
            """
            ,"currentVersion":"v1","desiredVersion":"v2","currentEtag":"e1","desiredEtag":"e2","flowClass":"edge",
            "lastUpdated":"2026-03-01T10:00:00.000Z","creationDate":"2026-03-01T09:00:00.000Z","deviceName":"x"
            """
        );

        Assert.Equal(("v1", "v2", "e1", "e2"), (row.Current, row.Desired, row.CurrentEtag, row.DesiredEtag));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero), row.UpdatedAt);
        Assert.False(row.OnDisk);
    }

    [Theory]
    [InlineData("")]
    [InlineData(
        ""","currentVersion":null,"desiredVersion":null,"currentEtag":null,"desiredEtag":null,"logs":null,"lastUpdated":null"""
    )]
    [InlineData(""","logs":[],"fileName":null""")]
    [InlineData(""","logs":[{}],"extra":{"a":[1,2]}""")]
    public void Takes_what_is_missing_for_absent(string more) =>
        Assert.Equal(new DeploymentRow { Device = Rows.DeviceId(1) }, One(more));

    [Fact]
    public void Knows_a_row_that_the_agent_loaded_from_its_disk() =>
        Assert.True(One(""","fileName":"flow.json" """).OnDisk);

    [Fact]
    public void Takes_the_newest_log_entry_of_each_kind_by_date_in_any_order()
    {
        string[] entries =
        [
            """{"changeType":"desired","date":"2026-03-01T10:00:01Z","newValue":"v1","sourceType":"user","sourceId":"u"}""",
            """{"changeType":"desired","date":"2026-03-01T10:00:03Z","newValue":"v2","sourceType":"apiToken","sourceId":"t"}""",
            """{"changeType":"current","date":"2026-03-01T10:00:02Z","newValue":"v1"}""",
            """{"changeType":"current","date":"2026-03-01T10:00:04Z","attemptedValue":"v2","attemptedEtag":"e","error":"too old"}""",
            """{"changeType":"other","date":"2026-03-01T10:00:09Z","newValue":"v9"}""",
            """{"changeType":"desired","newValue":"v8"}""",
        ];
        var start = new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

        foreach (var order in new[] { entries, [.. entries.Reverse()], [.. entries.Skip(2), .. entries.Take(2)] })
        {
            var row = One($",\"logs\":[{string.Join(',', order)}]");
            Assert.Equal(new DesiredEntry(start.AddSeconds(3), "v2", "apiToken", "t"), row.LastDesired);
            Assert.Equal(
                new CurrentEntry(start.AddSeconds(4), null, "too old", "v2", "e") { RanAt = start.AddSeconds(2) },
                row.LastCurrent
            );
        }
    }

    [Theory]
    [InlineData("ERER", null)]
    [InlineData("ERERE", 2)]
    [InlineData("RRRRRRRR", null)]
    [InlineData("EEEEER", null)]
    [InlineData("RERERR", 2)]
    [InlineData("RERERER", 4)]
    public void Says_when_the_device_changed_between_running_and_failing_four_changes_ago(string reports, int? second)
    {
        var log = reports.Select(
            (report, i) =>
                $$"""{"changeType":"current","date":"2026-03-01T10:00:0{{i + 1}}Z",{{(report == 'E' ? "\"error\":\"no\"" : "\"newValue\":\"v2\"")}}}"""
        );

        var row = One($""","logs":[{string.Join(',', log)}]""");

        Assert.Equal(second, row.LastCurrent!.FourthAt?.Second);
    }

    [Fact]
    public void Takes_a_log_entry_without_error_for_a_success()
    {
        var row = One(
            ""","logs":[{"changeType":"current","date":"2026-03-01T10:00:00Z","newValue":"v2","attemptedValue":"v2"}]"""
        );

        Assert.Equal(("v2", null, null), (row.LastCurrent!.Value, row.LastCurrent.Error, row.LastCurrent.Attempted));
    }

    [Fact]
    public void Cleans_and_cuts_the_error_of_a_device()
    {
        var row = One(
            $$""","logs":[{"changeType":"current","date":"2026-03-01T10:00:00Z","error":"a\nb\u001b{{new string('x', 999)}}"}]"""
        );

        Assert.Equal("a b " + new string('x', 252), row.LastCurrent!.Error);
    }

    [Theory]
    [InlineData("canary-token-5f2c")]
    [InlineData("Bearer canary-token-5f2c ")]
    [InlineData("Y2FuYXJ5LXRva2VuLTVmMmM=")]
    [InlineData("QmVhcmVyIGNhbmFyeS10b2tlbi01ZjJj")]
    [InlineData("YTpjYW5hcnktdG9rZW4tNWYyYzpi")]
    [InlineData("eHljYW5hcnktdG9rZW4tNWYyY3o=")]
    public void Reads_no_page_that_repeats_the_token(string error)
    {
        var log = $$""","logs":[{"changeType":"current","date":"2026-03-01T10:00:00Z","error":"{{error}}"}]""";
        var page = Rows.Page([Rows.Deployment(1, log)], 1);

        var failure = Script.Of(Script.Json(page)).Fail(Scan);

        Assert.Equal((ErrorKind.Transient, LosantReason.Unreadable), (failure.Kind, failure.Reason));
        Assert.DoesNotContain(error, failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("to/ken+with&odd<chars", "to%2Fken%2Bwith%26odd%3Cchars")]
    [InlineData("to/ken+with&odd<chars", "to/ken\\u002Bwith\\u0026odd\\u003Cchars")]
    [InlineData("to/ken+with\"odd", "to/ken+with\\\"odd")]
    public void Reads_no_page_that_repeats_the_token_escaped(string token, string written)
    {
        var log = $$""","logs":[{"changeType":"current","date":"2026-03-01T10:00:00Z","error":"{{written}}"}]""";
        var script = Script.Of(Script.Json(Rows.Page([Rows.Deployment(1, log)], 1)));
        using var connector = new LosantConnector(new LosantOptions { PrimaryHandler = _ => script });
        var losant = connector.Connect(Script.Account() with { Token = token });

        var failure = Assert.Throws<LosantException>(() => script.Time.Run(() => Scan(losant)));

        Assert.Equal(LosantReason.Unreadable, failure.Reason);
    }

    [Fact]
    public void Takes_the_later_of_two_entries_of_one_moment_in_a_log_that_is_oldest_first()
    {
        string[] entries =
        [
            """{"changeType":"desired","date":"2026-03-01T10:00:01Z","newValue":"v1"}""",
            """{"changeType":"desired","date":"2026-03-01T10:00:02Z","newValue":"v2"}""",
            """{"changeType":"desired","date":"2026-03-01T10:00:02Z","newValue":"v3"}""",
            """{"changeType":"current","date":"2026-03-01T10:00:03Z","newValue":"v2"}""",
            """{"changeType":"current","date":"2026-03-01T10:00:03Z","newValue":"v3"}""",
        ];

        foreach (var order in new[] { entries, [.. entries.Reverse()] })
        {
            var row = One($",\"logs\":[{string.Join(',', order)}]");
            Assert.Equal(("v3", "v3"), (row.LastDesired!.Value, row.LastCurrent!.Value));
        }
    }

    [Theory]
    [InlineData("\"logs\":{}")]
    [InlineData("\"logs\":[1]")]
    [InlineData("\"logs\":[{\"changeType\":1}]")]
    [InlineData("\"logs\":[{\"date\":\"soon\"}]")]
    [InlineData("\"currentVersion\":2")]
    [InlineData("\"lastUpdated\":2")]
    [InlineData("\"flowId\":\"575ed18f7ae143cd83dc4aa7\"")]
    [InlineData("\"deviceId\":null")]
    [InlineData("\"id\":null")]
    public void Takes_no_row_of_a_page_with_one_that_it_cannot_read(string member)
    {
        var page = Rows.Page([Rows.Deployment(1), Rows.Deployment(2, "," + member)], 2);

        var error = Script.Of(Script.Json(page)).Fail(Scan);

        Assert.Equal((ErrorKind.Transient, LosantReason.Unreadable), (error.Kind, error.Reason));
    }

    [Fact]
    public void Keeps_one_object_for_equal_scheduling_entries()
    {
        const string Log = ""","logs":[{"changeType":"desired","date":"2026-03-01T10:00:00Z","newValue":"v2"}]""";

        var scan = Script.Of(Script.Json(Rows.Page([Rows.Deployment(1, Log), Rows.Deployment(2, Log)], 2))).Run(Scan);

        Assert.Same(scan.Rows[0].LastDesired, scan.Rows[1].LastDesired);
    }
}

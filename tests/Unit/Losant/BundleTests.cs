using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>What is read of the deployments of microcontrollers: one row a device, told of one flow.</summary>
public sealed class BundleTests
{
    private const string Other = "575ed18f7ae143cd83dc4aa7";
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    private static Task<DeploymentScan> Scan(ILosant losant) =>
        losant.ScanBundlesAsync(Script.Flow, CancellationToken.None);

    private static DeploymentRow One(string more) =>
        Assert.Single(Script.Of(Script.Json(Rows.Page([Rows.Bundle(1, more)], 1))).Run(Scan).Rows);

    /// <summary>A row with the flow at v1, told v2, and another flow at v9; its log is newest first.</summary>
    private static DeploymentRow Told(
        string current,
        string currentBundle,
        string desiredBundle,
        params string[] log
    ) =>
        One(
            $$$"""
            ,"flows":{"{{{Script.Flow}}}":{"flowName":"pump","currentVersion":"{{{current}}}","desiredVersion":"v2"},
            "{{{Other}}}":{"currentVersion":"v9","desiredVersion":"v9"}},
            "currentBundleVersion":"{{{currentBundle}}}","desiredBundleVersion":"{{{desiredBundle}}}","unknownBundle":false,
            "lastUpdated":"2026-03-01T10:00:09Z","logs":[{{{string.Join(',', log)}}}]
            """
        );

    private static string Built(int second, string bundle, string type, string more = "") =>
        $$"""{"changeType":"desired","date":"2026-03-01T10:00:0{{second}}Z","newBundle":"{{bundle}}","updateType":"{{type}}","sourceType":"apiToken","sourceId":"t"{{more}}}""";

    private static string BuiltFor(int second, string bundle, string flow, string? version) =>
        Built(
            second,
            bundle,
            "replaceFlow",
            $$""","updateFlowId":"{{flow}}","desiredVersion":{{(version is null ? "null" : $"\"{version}\"")}}"""
        );

    private static string Loaded(int second, string bundle) =>
        $$"""{"changeType":"current","date":"2026-03-01T10:00:0{{second}}Z","newBundle":"{{bundle}}"}""";

    private static string Failed(int second, string bundle, string error = "no room") =>
        $$"""{"changeType":"current","date":"2026-03-01T10:00:0{{second}}Z","attemptedBundle":"{{bundle}}","error":"{{error}}"}""";

    [Fact]
    public void Asks_for_all_bundles_whatever_their_flows_by_rising_id()
    {
        var script = Script.Of(Script.Json(Rows.Page([Rows.Bundle(1, "")], 1)));

        script.Run(Scan);

        var sent = Assert.Single(script.Requests);
        Assert.Equal($"/applications/{Script.Application}/embedded/deployments", sent.Uri.AbsolutePath);
        Assert.Equal(
            "id asc 1000 ",
            $"{sent.Query("sortField")} {sent.Query("sortDirection")} {sent.Query("perPage")} {sent.Query("flowId")}"
        );
    }

    [Fact]
    public void Tells_of_the_flow_what_was_done_for_it_and_what_its_bundle_did()
    {
        var row = Told("v2", "b2", "b2", Loaded(3, "b2"), BuiltFor(2, "b2", Script.Flow, "v2"), Loaded(1, "b1"));

        Assert.Equal(("v2", "v2"), (row.Current, row.Desired));
        Assert.Equal(new DesiredEntry(Start.AddSeconds(2), "v2", "apiToken", "t"), row.LastDesired);
        Assert.Equal(new CurrentEntry(Start.AddSeconds(3), "v2", null, null, null), row.LastCurrent);
        Assert.Equal(
            new Bundle
            {
                Id = row.Bundle!.Id,
                Current = "b2",
                Desired = "b2",
            },
            row.Bundle
        );
        Assert.Equal(Start.AddSeconds(9), row.UpdatedAt);
    }

    [Fact]
    public void Blames_the_flow_for_the_bundle_that_was_built_for_it()
    {
        var row = Told("v1", "b1", "b2", Failed(3, "b2"), BuiltFor(2, "b2", Script.Flow, "v2"));

        Assert.Equal(new CurrentEntry(Start.AddSeconds(3), null, "no room", "v2", null), row.LastCurrent);
        Assert.True(row.Bundle!.IsPending);
        Assert.Null(row.Bundle.Rebuilt);
    }

    [Fact]
    public void Does_not_blame_the_flow_for_a_bundle_that_was_built_for_something_else()
    {
        var row = Told(
            "v2",
            "b2",
            "b3",
            Failed(5, "b3"),
            Built(4, "b3", "globals"),
            Loaded(3, "b2"),
            BuiltFor(2, "b2", Script.Flow, "v2")
        );

        Assert.Equal(new CurrentEntry(Start.AddSeconds(3), "v2", null, null, null), row.LastCurrent);
        Assert.Equal(new BundleChange(Start.AddSeconds(4), "globals", null), row.Bundle!.Rebuilt);
    }

    [Fact]
    public void Names_the_flow_that_a_bundle_was_built_for_instead()
    {
        var row = Told(
            "v2",
            "b2",
            "b3",
            BuiltFor(4, "b3", Other, "v9"),
            Loaded(3, "b2"),
            BuiltFor(2, "b2", Script.Flow, "v2")
        );

        Assert.Equal($"flow {Other}", row.Bundle!.Rebuilt!.Value.Words);
    }

    [Fact]
    public void Takes_equal_dates_in_the_order_of_the_others()
    {
        string[] log =
        [
            BuiltFor(2, "b2", Script.Flow, "v2"),
            Built(4, "b3", "globals"),
            BuiltFor(4, "b4", Script.Flow, "v3"),
        ];

        Assert.Null(Told("v1", "b1", "b4", log).Bundle!.Rebuilt);
        Assert.Equal("v3", Told("v1", "b1", "b4", log).LastDesired!.Value);
        Assert.Equal("v3", Told("v1", "b1", "b4", [.. log.Reverse()]).LastDesired!.Value);
    }

    [Fact]
    public void Blames_the_only_flow_that_differs_when_the_log_does_not_say()
    {
        Assert.Equal("v2", Told("v1", "b1", "b2", Failed(3, "b2")).LastCurrent!.Attempted);
        Assert.Null(Told("v2", "b1", "b2", Failed(3, "b2")).LastCurrent!.Error);
    }

    [Fact]
    public void Takes_a_cleared_device_for_one_whose_flow_was_removed()
    {
        var row = Told(
            "v1",
            "b1",
            "nullVersion",
            Built(4, "nullVersion", "clear"),
            BuiltFor(2, "b1", Script.Flow, "v2")
        );

        Assert.Equal(new DesiredEntry(Start.AddSeconds(4), null, "apiToken", "t"), row.LastDesired);
        Assert.Null(row.Bundle!.Desired);
    }

    [Fact]
    public void Counts_the_changes_between_running_and_failing_of_the_flows_own_bundle_alone()
    {
        string[] flapping = [Failed(7, "b2"), Loaded(6, "b2"), Failed(5, "b2"), Loaded(4, "b2"), Failed(3, "b2")];

        Assert.Equal(
            Start.AddSeconds(4),
            Told("v2", "b2", "b2", [.. flapping, BuiltFor(2, "b2", Script.Flow, "v2")]).LastCurrent!.FourthAt
        );
        Assert.Null(Told("v2", "b2", "b2", [.. flapping, BuiltFor(2, "b0", Script.Flow, "v2")]).LastCurrent!.FourthAt);
    }

    [Fact]
    public void Knows_a_bundle_that_was_loaded_by_hand() =>
        Assert.True(
            One(""","unknownBundle":true,"currentBundleVersion":"x" """).Bundle is { IsUnknown: true, IsPending: false }
        );

    [Theory]
    [InlineData("")]
    [InlineData(
        ""","flows":null,"logs":null,"unknownBundle":null,"currentBundleVersion":null,"desiredBundleVersion":"nullVersion" """
    )]
    [InlineData(""","flows":{},"logs":[{},{"changeType":"other","date":"2026-03-01T10:00:00Z"}],"extra":[1]""")]
    public void Takes_what_is_missing_for_absent(string more) =>
        Assert.Equal(
            new DeploymentRow
            {
                Device = Rows.DeviceId(1),
                Bundle = new Bundle { Id = One(more).Bundle!.Id },
            },
            One(more)
        );

    [Theory]
    [InlineData(""","flows":{"pump":{}}""")]
    [InlineData(""","flows":{"575ed18f7ae143cd83dc4aa6":7}""")]
    [InlineData(""","flows":[]""")]
    [InlineData(""","unknownBundle":"no" """)]
    [InlineData(""","currentBundleVersion":7""")]
    [InlineData(""","logs":[7]""")]
    public void Refuses_a_page_that_it_cannot_read(string more) =>
        Assert.Equal(
            LosantReason.Unreadable,
            Script
                .Of([.. Enumerable.Repeat(0, 9).Select(_ => Script.Json(Rows.Page([Rows.Bundle(1, more)], 1)))])
                .Fail(Scan)
                .Reason
        );

    [Fact]
    public void Reads_what_changed_as_a_row_of_each_flow()
    {
        var script = Script.Of(
            Script.Json(Rows.Page([Rows.Bundle(1, ""","lastUpdated":"2026-03-01T10:00:09Z" """)], 1, 10))
        );
        DeviceId[] flows = [DeviceId.Parse(Script.Flow), DeviceId.Parse(Other)];

        var changes = script.Run(losant => losant.ChangedBundlesAsync(flows, Start, CancellationToken.None));

        Assert.Equal(flows, changes.Rows.Select(row => row.Flow!.Value));
        Assert.Equal((1, true), (changes.TotalCount, changes.IsCertain));
        Assert.Equal(
            "lastUpdated desc 10",
            $"{script.Requests[0].Query("sortField")} {script.Requests[0].Query("sortDirection")} {script.Requests[0].Query("perPage")}"
        );
    }
}

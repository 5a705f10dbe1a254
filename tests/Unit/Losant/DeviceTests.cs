using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>All devices of a class are read, page by page.</summary>
public sealed class DeviceTests
{
    private static Task<IReadOnlyList<DeviceRow>> Scan(ILosant losant) =>
        losant.ScanDevicesAsync(DeviceClass.EdgeCompute, CancellationToken.None);

    /// <summary>A fleet with devices 1 to <paramref name="count"/> that answers by keyset.</summary>
    private static Script Fleet(int count, int perPage = 1000, bool refusesMore = false) =>
        new(sent =>
            refusesMore && sent.PerPage > perPage
                ? Script.Status(400)
                : PageOf(Enumerable.Range(1, count), sent, perPage)
        );

    private static HttpResponseMessage PageOf(IEnumerable<int> devices, Sent sent, int perPage)
    {
        var query = System.Text.Json.JsonDocument.Parse(sent.Query("query")).RootElement;
        var first = query.TryGetProperty("id", out var id)
            ? DeviceId.Parse(id.GetProperty("$gt").GetString()!)
            : default;
        var left = devices.Where(number => Rows.DeviceId(number) > first).ToList();
        return Script.Json(
            Rows.Page([.. left.Take(perPage).Select(number => Rows.Device(number))], left.Count, perPage)
        );
    }

    private static DeviceRow One(string more) =>
        Assert.Single(Script.Of(Script.Json(Rows.Page([Rows.Device(1, more)], 1))).Run(Scan));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(999, 1)]
    [InlineData(1000, 2)]
    [InlineData(1001, 2)]
    [InlineData(2500, 3)]
    public void Reads_every_device_with_few_requests(int count, int requests)
    {
        var script = Fleet(count);

        var devices = script.Run(Scan);

        Assert.Equal(Enumerable.Range(1, count).Select(Rows.DeviceId), devices.Select(device => device.Id));
        Assert.Equal(requests, script.Requests.Count);
    }

    [Fact]
    public void Never_misses_a_device_that_stays_while_others_come_and_go_anywhere()
    {
        var seed = Environment.TickCount;
        var random = new Random(seed);
        for (var (edits, round) = (0, 0); edits < MovingList.EnoughEdits; round++)
        {
            var list = new MovingList(random);
            var script = new Script(sent => list.Answer(devices => PageOf(devices, sent, perPage: 10)));

            var scan = script.Run(Scan);

            edits += list.Edits;
            var missing = list.Stayed.Except(scan.Select(device => (int)device.Id.Value));
            Assert.True(!missing.Any(), $"seed {seed}, round {round}: {string.Join(' ', missing)}");
        }
    }

    [Fact]
    public void Trusts_the_page_size_that_losant_answers_with()
    {
        var script = Fleet(250, perPage: 100);

        Assert.Equal(250, script.Run(Scan).Count);
        Assert.Equal(3, script.Requests.Count);
    }

    [Fact]
    public void Asks_for_the_class_and_what_comes_after_the_last_id()
    {
        var script = Fleet(1000);

        script.Run(Scan);

        Assert.Equal("""{"deviceClass":"edgeCompute"}""", script.Requests[0].Query("query"));
        Assert.Equal(
            $$$"""{"deviceClass":"edgeCompute","id":{"$gt":"{{{Rows.Id(1000)}}}"}}""",
            script.Requests[1].Query("query")
        );
        Assert.All(
            script.Requests,
            sent =>
                Assert.Equal(
                    "id asc 1000",
                    $"{sent.Query("sortField")} {sent.Query("sortDirection")} {sent.Query("perPage")}"
                )
        );
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    public void Refuses_devices_whose_ids_do_not_rise(int first, int second)
    {
        var script = Script.Of(Script.Json(Rows.Page([Rows.Device(first), Rows.Device(second)], 2)));

        Assert.Equal(LosantReason.Unreadable, script.Fail(Scan).Reason);
    }

    [Fact]
    public void Refuses_a_server_that_answers_every_page_with_the_first()
    {
        var script = new Script(_ => Script.Json(Rows.Page([Rows.Device(1), Rows.Device(2)], 9, perPage: 2)));

        Assert.Equal(LosantReason.Unreadable, script.Fail(Scan).Reason);
        Assert.Equal(2, script.Requests.Count);
    }

    [Fact]
    public void Reads_what_a_release_needs()
    {
        var device = One(
            """
            ,"edgeAgentVersion":"1.39.0","tags":[{"key":"ring","value":"a"},{"key":"ring","value":"b"}],
            "connectionInfo":{"time":"2026-03-01T10:00:00.250Z","connected":1},"attributes":[{"name":"t","dataType":"number"}]
            """
        );

        Assert.Equal((DeviceClass.EdgeCompute, "1.39.0", true), (device.Class, device.AgentVersion, device.Connected));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 10, 0, 0, 250, TimeSpan.Zero), device.ConnectionAt);
        Assert.Equal(["ring=a", "ring=b"], device.Tags.Pairs.Select(tag => $"{tag.Key}={tag.Value}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","edgeAgentVersion":null,"tags":null,"connectionInfo":null""")]
    [InlineData(""","tags":[],"connectionInfo":{}""")]
    [InlineData(""","connectionInfo":{"connected":null}""")]
    [InlineData(""","connectionInfo":{"connected":0}""")]
    public void Takes_what_is_missing_for_absent(string more)
    {
        var device = One(more);

        Assert.Equal((null, false, null), (device.AgentVersion, device.Connected, device.ConnectionAt));
        Assert.Same(TagSet.Empty, device.Tags);
    }

    [Theory]
    [InlineData("edgeCompute", DeviceClass.EdgeCompute)]
    [InlineData("embedded", DeviceClass.Embedded)]
    [InlineData("gateway", DeviceClass.Other)]
    public void Knows_the_classes(string name, DeviceClass expected) =>
        Assert.Equal(expected, One($",\"deviceClass\":\"{name}\"").Class);

    [Fact]
    public void Takes_a_device_without_class_for_one_of_the_class_that_was_asked_for()
    {
        var script = Script.Of(Script.Json(Rows.Page([$$"""{"id":"{{Rows.Id(1)}}"}"""], 1)));

        Assert.Equal(DeviceClass.Embedded, Assert.Single(script.Run(ScanEmbedded)).Class);
        Assert.Equal("""{"deviceClass":"embedded"}""", script.Requests[0].Query("query"));

        static Task<IReadOnlyList<DeviceRow>> ScanEmbedded(ILosant losant) =>
            losant.ScanDevicesAsync(DeviceClass.Embedded, CancellationToken.None);
    }

    [Theory]
    [InlineData("2026-03-01T10:00:00.000Z")]
    [InlineData("2026-03-01T12:00:00+02:00")]
    [InlineData("2026-03-01T10:00:00")]
    public void Reads_dates_as_utc(string date)
    {
        var device = One($$""","connectionInfo":{"time":"{{date}}","connected":0}""");

        Assert.Equal(new DateTimeOffset(2026, 3, 1, 10, 0, 0, TimeSpan.Zero), device.ConnectionAt);
        Assert.Equal(TimeSpan.Zero, device.ConnectionAt!.Value.Offset);
    }

    [Fact]
    public void Keeps_one_object_for_equal_texts_and_tag_sets_over_scans()
    {
        const string Same = ""","edgeAgentVersion":"1.39.0","tags":[{"key":"ring","value":"\u00e9"}]""";
        const string Spaced = ""","edgeAgentVersion":"1.39.0","tags":[ {"value":"é", "key":"ring"} ]""";
        var script = new Script(_ => Script.Json(Rows.Page([Rows.Device(1, Same), Rows.Device(2, Spaced)], 2)));
        var losant = script.Connect();

        var rows = script.Time.Run(() => Scan(losant)).Concat(script.Time.Run(() => Scan(losant))).ToList();

        Assert.Equal(4, rows.Count);
        Assert.Single(rows.Select(row => row.Tags).Distinct(ReferenceEqualityComparer.Instance));
        Assert.Single(rows.Select(row => row.AgentVersion).Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public void Keeps_texts_apart_that_only_look_alike()
    {
        var longText = new string('é', 200);
        var page = Rows.Page(
            [
                Rows.Device(1, $",\"edgeAgentVersion\":\"{longText}\""),
                Rows.Device(2, $",\"edgeAgentVersion\":\"{longText}x\""),
            ],
            2
        );

        var rows = Script.Of(Script.Json(page)).Run(Scan);

        Assert.Equal([longText, longText + "x"], rows.Select(row => row.AgentVersion));
    }

    [Fact]
    public void Reads_small_pages_when_losant_refuses_large_ones()
    {
        var script = Fleet(250, perPage: 100, refusesMore: true);

        Assert.Equal(250, script.Run(Scan).Count);
        Assert.Equal(4, script.Requests.Count);
    }
}

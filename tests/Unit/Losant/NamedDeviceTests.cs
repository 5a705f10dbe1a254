using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>Devices are found by their ids.</summary>
public sealed class NamedDeviceTests
{
    [Fact]
    public void Finds_named_devices_a_hundred_at_a_time()
    {
        var script = new Script(sent =>
        {
            var asked = System
                .Text.Json.JsonDocument.Parse(sent.Query("query"))
                .RootElement.GetProperty("id")
                .GetProperty("$in");
            var items = asked
                .EnumerateArray()
                .Select(id => $$"""{"id":"{{id.GetString()}}","deviceClass":"gateway"}""")
                .ToList();
            items.RemoveAll(item => item.Contains(Rows.Id(7), StringComparison.Ordinal));
            Assert.InRange(asked.GetArrayLength(), 1, 100);
            return Script.Json(Rows.Page(items, items.Count));
        });
        var ids = Enumerable.Range(1, 250).Append(5).Reverse().Select(Rows.DeviceId).ToList();

        var devices = script.Run(losant => losant.FindDevicesAsync(ids, CancellationToken.None));

        Assert.Equal(
            Enumerable.Range(1, 250).Where(number => number != 7).Select(Rows.DeviceId),
            devices.Select(each => each.Id)
        );
        Assert.All(devices, device => Assert.Equal(DeviceClass.Other, device.Class));
        Assert.Equal(3, script.Requests.Count);
    }

    [Fact]
    public void Does_not_call_a_named_device_unknown_when_the_list_lacks_rows()
    {
        var script = new Script(_ => Script.Json(Rows.Page([], 1)));

        var error = script.Fail(losant => losant.FindDevicesAsync([Rows.DeviceId(1)], CancellationToken.None));

        Assert.Equal((ErrorKind.Transient, LosantReason.Unreadable), (error.Kind, error.Reason));
    }

    [Fact]
    public void Asks_nothing_when_no_device_is_named()
    {
        var script = Script.Of();

        Assert.Empty(script.Run(losant => losant.FindDevicesAsync([], CancellationToken.None)));
    }
}

using System.Text.RegularExpressions;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Which devices fail, and of what.</summary>
internal static partial class Failing
{
    private const int DevicesNamed = 10;
    private const int ClassesNamed = 5;

    /// <summary>Devices that failed for good, show an error now, or cannot go back; by rank.</summary>
    public static IReadOnlyList<Device> In(Fleet fleet) =>
        [
            .. fleet.Devices.Where(device =>
                device.Standing is { State: DeviceState.Failed } or { IsFailing: true } or { IsFailingBack: true }
            ),
        ];

    /// <summary>The first of them, longest failing first.</summary>
    public static IReadOnlyList<FailingDevice> Named(IReadOnlyList<Device> failing, Memory memory, Groups? groups) =>
        [
            .. failing
                .Select(device => (device.Id, Device: device, Since: Since(device, memory)))
                .OrderBy(one => one.Since ?? DateTimeOffset.MaxValue)
                .ThenBy(one => one.Id)
                .Take(DevicesNamed)
                .Select(one => new FailingDevice
                {
                    Device = one.Id.ToString(),
                    Group = groups is null ? null : Line.Of(groups.Of(one.Device.Seen)[0], Line.Error),
                    Error = ErrorOf(one.Device, memory) is { } error ? Line.Of(error, Line.Error) : null,
                    Since = one.Since,
                }),
        ];

    /// <summary>The most frequent kinds of error, most devices first.</summary>
    public static IReadOnlyList<ErrorClass> Classes(IReadOnlyList<Device> failing, Memory memory)
    {
        var classes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (
            var (error, devices) in failing
                .Select(device => ErrorOf(device, memory) ?? "no error given")
                .CountBy(error => error)
        )
        {
            var word = ClassOf(error);
            classes[word] = classes.GetValueOrDefault(word) + devices;
        }

        return
        [
            .. classes
                .OrderByDescending(entry => entry.Value)
                .ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Take(ClassesNamed)
                .Select(entry => new ErrorClass { Class = entry.Key, Devices = entry.Value }),
        ];
    }

    /// <summary>What the device reported; null when it reported nothing.</summary>
    public static string? ErrorOf(Device device, Memory memory) =>
        device.Standing.Error ?? memory.Rows.GetValueOrDefault(device.Id)?.Error;

    /// <summary>The outcome's time once there is one, else that of the error it shows: neither moves later.</summary>
    private static DateTimeOffset? Since(Device device, Memory memory) =>
        memory.Rows.GetValueOrDefault(device.Id) is { Outcome: Outcome.Failed, OutcomeAt: { } at } ? at
        : device.Deployment?.LastCurrent is { Error: not null } entry ? entry.At
        : null;

    /// <summary>The error without what is different on each device: ids, addresses, counters.</summary>
    public static string ClassOf(string error) =>
        Line.Of(Varying().Replace(Line.Of(error, Line.Error), "*"), Line.Error);

    [GeneratedRegex("[0-9a-fA-F]{8,}|[0-9]{4,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Varying();
}

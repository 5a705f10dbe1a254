using System.Globalization;
using EdgeRelease.Observation;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>Losant's JSON, as short as a test needs it.</summary>
internal static class Rows
{
    public static string Id(int number) => number.ToString("x24", CultureInfo.InvariantCulture);

    public static DeviceId DeviceId(int number) => new((UInt128)number);

    public static string Device(int number, string more = "") =>
        $$"""{"id":"{{Id(number)}}","deviceClass":"edgeCompute"{{more}}}""";

    /// <summary>Row <paramref name="number"/> of the test's flow, on the device of the same number.</summary>
    public static string Deployment(int number, string more = "") => Deployment(number, number, more);

    public static string Deployment(int number, int device, string more) =>
        $$"""{"id":"{{Id(number)}}","deviceId":"{{Id(device)}}","flowId":"{{Script.Flow}}"{{more}}}""";

    /// <summary>Row <paramref name="number"/> of a microcontroller, on the device of the same number.</summary>
    public static string Bundle(int number, string more) =>
        $$"""{"id":"{{Id(number)}}","deviceId":"{{Id(number)}}"{{more}}}""";

    public static string Page(IReadOnlyCollection<string> items, int total, int perPage = 1000) =>
        $$"""
            {"count":{{items.Count}},"items":[{{string.Join(',', items)}}],"perPage":{{perPage}},"totalCount":{{total}}}
            """;
}

using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.Builders;

/// <summary>Single facts by number.</summary>
internal static class Rows
{
    public const string Agent = "1.44.0";

    public static DeviceId Id(int number) => new((UInt128)number);

    public static DeviceRow Device(int number) =>
        new(Id(number), DeviceClass.EdgeCompute, Agent, TagSet.Empty, Connected: true, DateTimeOffset.UnixEpoch);

    public static Release Release(string version, int percentage = 100) =>
        new()
        {
            Uid = "0b5e3f0c-0000-4000-8000-000000000001",
            FlowId = "575ed18f7ae143cd83dc4aa6",
            FlowVersionId = "65a000000000000000000001",
            Spec = new EdgeReleaseSpec
            {
                Flow = "line-monitor",
                Version = version,
                AllDevices = true,
                RolloutPercentage = percentage,
                Limits = new LimitsSpec { MaxUnavailable = IntOrPercent.Percent(100) },
            },
        };
}

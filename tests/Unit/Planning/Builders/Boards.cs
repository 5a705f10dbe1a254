using EdgeRelease.Observation;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Microcontrollers with pumps, and the release of their flow.</summary>
internal static class Boards
{
    public static ReleaseBuilder Pump => A.Release().Asking(release => release with { Class = DeviceClass.Embedded });

    public static PlannerWorld Pumps(int count) => A.Fleet().Of(count).On("v1").Embedded();
}

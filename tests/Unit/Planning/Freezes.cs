using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Releases of a LosantApplication that is frozen.</summary>
internal static class Freezes
{
    public static ReleaseBuilder Frozen(this ReleaseBuilder release, FreezeScope scope = FreezeScope.Forward) =>
        release.Asking(wanted =>
            wanted with
            {
                Rails = new Rails
                {
                    Application = "plant-a",
                    Frozen = new FreezeSpec { Scope = scope, Reason = "inventory week" },
                },
            }
        );
}

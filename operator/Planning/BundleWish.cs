using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>The bundle of a revision's first device, wanted on a bench (F127).</summary>
/// <param name="Device">The device.</param>
/// <param name="Deployment">Its deployment's own id at Losant.</param>
/// <param name="Version">The version that the bundle must have; null for none.</param>
/// <param name="Spec">Where it goes.</param>
public sealed record BundleWish(DeviceId Device, DeviceId Deployment, string? Version, ExportCanarySpec Spec)
{
    /// <summary>Losant takes one export in so much time for an application. Source: its published throttles.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(5) + Times.ClockDoubt;

    /// <summary>What to ask for now: once in a revision, when Losant shows that its first device was told; not while it may
    /// have been asked, nor before the application's last export is long enough ago.</summary>
    /// <param name="scene">The pass.</param>
    /// <param name="batches">What it sends: a device that goes back has the version's bundle no longer.</param>
    internal static BundleWish? Of(Scene scene, IReadOnlyList<Batch> batches)
    {
        var (wanted, memory) = (scene.Wanted, scene.Memory);
        var isOver = memory.Latch is not null || wanted.DeletedAt is not null;
        if (wanted.Spec.Embedded.ExportCanary is not { } spec || wanted.Class != DeviceClass.Embedded || isOver)
        {
            return null;
        }

        var isAsked =
            memory.Export is { State: not ExportState.Throttled } && memory.Export.Revision == memory.Revision;
        DateTimeOffset?[] before = [memory.Export?.At, wanted.Held.ExportedAt];
        return isAsked || before.Max() + Pause > scene.Now || First(scene, batches) is not { } first
            ? null
            : new BundleWish(first.Id, first.Deployment!.Value.Bundle!.Id, memory.Version?.Name, spec);
    }

    /// <summary>The first device of the revision whose bundle with the version is the one that Losant would build.</summary>
    private static Device? First(Scene scene, IReadOnlyList<Batch> batches)
    {
        var sent = batches.SelectMany(batch => batch.Devices).ToHashSet();
        return scene
            .Fleet.Devices.Where(device => !sent.Contains(device.Id))
            .Where(device =>
                device
                    is {
                        Standing.IsAccepted: true,
                        Row: { IsTried: true, IsForward: true },
                        Deployment.Bundle: not null
                    }
            )
            .OrderBy(device => device.Row!.Last!.At)
            .ThenBy(device => device.Rank)
            .FirstOrDefault();
    }
}

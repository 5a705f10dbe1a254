using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>A percentage below the one applied last gives devices back, newest first (F012, rule 18).</summary>
internal static class Lowering
{
    /// <summary>Whether devices are to be given back.</summary>
    public static bool IsDue(Scene scene) => scene.Wanted.Percentage < scene.Memory.AppliedPercentage;

    /// <summary>The devices to give back now, within the slots; armed ones need none.</summary>
    public static IReadOnlyList<Device> Surplus(Scene scene)
    {
        if (!IsDue(scene))
        {
            return [];
        }

        var moved = Moved(scene);
        var armed = moved.Where(device => device.Standing.IsArmed).ToList();
        var rest = moved.Where(device => !device.Standing.IsArmed).Take(Excess(scene) - armed.Count);
        return [.. armed.Concat(BackWrites.WithinSlots(scene, rest)).Where(BackWrites.MayGoBack)];
    }

    /// <summary>The memory once nothing is left to give back: the lower percentage counts as applied.</summary>
    public static Memory Applied(Scene scene)
    {
        var isDone = IsDue(scene) && Excess(scene) <= 0 && !Moved(scene).Exists(device => device.Standing.IsArmed);
        return isDone
            ? scene.Memory with
            {
                AppliedPercentage = scene.Wanted.Percentage,
                Result = null,
                Step = scene.Memory.Step with { Index = scene.Steps.Count, SoakUntil = null },
            }
            : scene.Memory;
    }

    private static int Excess(Scene scene)
    {
        var allowed = Share.Part(scene.Wanted.Percentage, scene.Fleet.Eligible.Count);
        var adopted = scene.Fleet.Eligible.Count(device => device.Standing.IsAdopted && device.Row is not { IsForward: true });
        return adopted + Moved(scene).Count - allowed;
    }

    /// <summary>Devices that stand on our command, last commanded first, highest rank first among equals.</summary>
    private static List<Device> Moved(Scene scene) =>
        [
            .. scene
                .Fleet.Eligible.Where(device => device.Row is { IsForward: true })
                .Where(device => device.Standing.WantsBack == BackCause.None)
                .OrderByDescending(device => device.Row!.Last!.At)
                .ThenByDescending(device => device.Rank),
        ];
}

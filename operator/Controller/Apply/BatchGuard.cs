using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The invariants asserted again before each batch, from the plan's own facts; a batch that breaks one is not
/// sent (I1, I2, I7, I8; I5 holds by the order of <see cref="Sender"/>).</summary>
public static class BatchGuard
{
    /// <summary>What the batch breaks, in one sentence; null when it may be sent.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="batch">The batch.</param>
    public static string? Violation(Pass pass, Batch batch)
    {
        if (batch.Rows.Count is 0 or > Times.DevicesPerCall)
        {
            return $"I2: a batch of {batch.Rows.Count} devices";
        }

        return batch.Kind == CommandKind.Forward ? Forward(pass, batch) : Back(pass, batch);
    }

    private static string? Forward(Pass pass, Batch batch)
    {
        if (
            pass.Memory.Latch is not null
            || pass.Memory.Pause is not null
            || pass.Wanted.Release!.DeletedAt is not null
        )
        {
            return "I7: a forward batch while the release is stopped";
        }

        if (batch.Version != pass.Wanted.Release.Version)
        {
            return $"I2: a forward batch to {batch.Version ?? "nothing"}";
        }

        var eligible = pass.Plan.Fleet!.Eligible.ToDictionary(device => device.Id);
        var stranger = batch.Rows.FirstOrDefault(row => !eligible.ContainsKey(row.Device));
        if (stranger is not null)
        {
            return $"I2: {stranger.Device} is not eligible";
        }

        return Budget(pass, batch, eligible);
    }

    private static string? Budget(Pass pass, Batch batch, Dictionary<DeviceId, Device> eligible)
    {
        var limit = pass.Wanted.Release!.Spec.Limits.MaxUnavailable;
        var most = limit.IsPercent ? Math.Max(1, limit.Value * eligible.Count / 100) : limit.Value;
        var held = pass
            .Plan.Fleet!.Devices.Where(device => device.Standing.HoldsSlot)
            .Select(device => device.Id)
            .ToHashSet();
        var sent = pass.Memory.Rows.Values.Where(row =>
            row.Last?.At > pass.Plan.Fleet.At && row.Last is { WasConnected: true, Kind: CommandKind.Forward }
        );
        held.UnionWith(sent.Select(row => row.Device));
        var before = held.Count;
        held.UnionWith(batch.Rows.Where(row => row.Next!.WasConnected).Select(row => row.Device));
        return held.Count > before && held.Count > most ? $"I1: {held.Count} slots of {most}" : null;
    }

    private static string? Back(Pass pass, Batch batch)
    {
        var isRemoval = pass.Wanted.Release!.DeletedAt is not null;
        var wrong = batch.Rows.FirstOrDefault(row =>
            row.Next!.Version != row.Previous && !(isRemoval && row.Next.Version is null)
        );
        return wrong is null
            ? null
            : $"I8: {wrong.Device} would go to {wrong.Next!.Version ?? "nothing"}, not to {wrong.Previous ?? "nothing"}";
    }
}

namespace EdgeRelease.Planning;

/// <summary>When to look again.</summary>
internal static class Wake
{
    /// <summary>The earliest due time of the plan: a device's, the soak's, the minute's, the window's, the watch's.</summary>
    public static DateTimeOffset? At(Plan plan, Release wanted, Hours hours, Memory before)
    {
        var openings = plan.Fleet!.Devices.Where(device => device.IsCandidate || device.Row is { IsForward: true })
            .Select(device => hours.Next(device.Seen.Tags))
            .Where(opens => opens > plan.Now);
        var dues = plan
            .Fleet.Devices.Select(device => device.Standing.DueAt)
            .Append(plan.Memory.Step.SoakUntil)
            .Append(Minute.NextAt(wanted, plan))
            .Append(before.WatchedUntil(wanted.Spec.FailurePolicy.Watch))
            .Append(plan.Memory.WatchedUntil(wanted.Spec.FailurePolicy.Watch));
        return dues.Concat(openings).Where(due => due > plan.Fleet.At).Min();
    }

    /// <summary>Whether devices are on their way somewhere.</summary>
    public static bool IsActive(Plan plan) =>
        plan.Batches.Count > 0
        || plan.Verdict.Phase
            is Api.Phase.Progressing
                or Api.Phase.Soaking
                or Api.Phase.RollingBack
                or Api.Phase.Deleting
        || plan.Fleet!.Devices.Any(device =>
            device.Standing is { State: DeviceState.Updating, Reason: not "Dark" } or { WantsBack: not BackCause.None }
        );
}

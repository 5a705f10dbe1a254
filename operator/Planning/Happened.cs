using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What changed between two memories, as Events: one for each transition and each new kind of error.</summary>
internal static class Happened
{
    public static IEnumerable<Notice> Between(Memory before, Memory after)
    {
        if (after.Revision > before.Revision)
        {
            yield return new Notice("RevisionStarted", $"r{after.Revision} brings {after.VersionWord}");
        }

        if (after.Latch is { } latch && latch != before.Latch)
        {
            var reason = latch.Kind == LatchKind.Abort ? Reasons.Aborted : Reasons.Breach;
            yield return new Notice(reason, $"rolling back r{after.Revision}: {latch.Reason}", true);
        }

        if (after.Result == RevisionResult.RolledBack && before.Result != RevisionResult.RolledBack)
        {
            yield return new Notice(
                Reasons.RolledBack,
                $"r{after.Revision} is rolled back: {after.Latch?.Reason}",
                true
            );
        }

        if (after.Pause is { } pause && before.Pause is null)
        {
            yield return new Notice(Reasons.PausedByPolicy, $"paused: {pause.Reason}; token {pause.Token}", true);
        }

        if (after.Pause is null && before.Pause is not null && after.Revision == before.Revision && after.Latch is null)
        {
            yield return new Notice("Resumed", $"resumed with {before.Pause.Token}");
        }

        foreach (var error in ErrorsOf(after).Except(ErrorsOf(before)).Order(StringComparer.Ordinal).Take(5))
        {
            yield return new Notice("DeviceFailed", error, true);
        }
    }

    private static IEnumerable<string> ErrorsOf(Memory memory) =>
        memory
            .Rows.Values.Where(row => row.Outcome == Outcome.Failed && row.Error is not null)
            .Select(row => row.Error!)
            .Distinct(StringComparer.Ordinal)
            .Select(Failing.ClassOf)
            .Distinct(StringComparer.Ordinal);
}

using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What changed between two memories, as Events: one for each transition and each new kind of error.</summary>
internal static class Happened
{
    public static IEnumerable<Notice> Between(Memory before, Memory after, Requests requests)
    {
        if (after.Revision > before.Revision)
        {
            var isRetry = after.Handled.Retry == $"r{before.Revision}";
            var asked = isRetry ? $": {Annotations.Retry}=r{before.Revision}{requests.By(Annotations.Retry)}" : "";
            yield return new Notice("RevisionStarted", $"r{after.Revision} brings {after.VersionWord}{asked}");
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
            var given = after.Approvals.LastOrDefault(approval => approval.Token == before.Pause.Token);
            var by = given?.By is { } who ? $": {who}" : "";
            yield return new Notice("Resumed", $"resumed with {before.Pause.Token}{by}");
        }

        foreach (var notice in Asked(before, after))
        {
            yield return notice;
        }

        foreach (var error in ErrorsOf(after).Except(ErrorsOf(before)).Order(StringComparer.Ordinal).Take(5))
        {
            yield return new Notice("DeviceFailed", error, true);
        }
    }

    /// <summary>What a person is asked, and the answers; that of a pause is told as <c>Resumed</c>.</summary>
    private static IEnumerable<Notice> Asked(Memory before, Memory after)
    {
        if (after.Step.Asked is { } token && token != before.Step.Asked)
        {
            yield return new Notice(Reasons.WaitingForApproval, $"waits for approval; token {token}");
        }

        var known = before.Revision == after.Revision ? before.Approvals : [];
        var given = after.Approvals.Where(one => known.All(other => (other.Token, other.At) != (one.Token, one.At)));
        foreach (var approval in given.Where(approval => approval.Token != before.Pause?.Token))
        {
            yield return approval.By?.StartsWith(Approvals.Promotion, StringComparison.Ordinal) == true
                ? new Notice("Promoted", $"{approval.Token} skips its soaks and approvals: {approval.By}")
                : new Notice("Approved", $"{approval.Token} was approved by {approval.By}");
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

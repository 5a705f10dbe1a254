using EdgeRelease.Api;

namespace EdgeRelease.Cli;

/// <summary>What a release waits for, until when, and what a person can do about it.</summary>
internal static class WaitView
{
    /// <summary>The lines; none when it waits for nothing and nobody.</summary>
    public static IEnumerable<Line> Of(Sight sight, DateTimeOffset now, int width)
    {
        var status = sight.Status;
        var text = status.WaitingFor is { } wait ? Waiting(wait, now) : Soaking(status, now);
        foreach (var line in text is null ? [] : Words.Wrapped(text, width))
        {
            yield return new Line(line, Tone.Waits);
        }

        if (Advice(sight) is { } advice)
        {
            yield return new Line($"  {advice}");
        }
    }

    private static string? Soaking(EdgeReleaseStatus status, DateTimeOffset now) =>
        status is { Phase: Phase.Soaking, Step.SoakUntil: { } until } ? $"soaks {Words.Until(until, now)}" : null;

    private static string Waiting(WaitingFor wait, DateTimeOffset now)
    {
        var since = wait.Since is { } at ? $" since {Words.Clock(at, now)}" : "";
        var until = wait.Until is { } end ? $", {Words.Until(end, now)}" : "";
        var devices = wait.Devices is { Count: > 0 } ids ? $": {string.Join(", ", ids)}" : "";
        return $"waits for {Kind(wait.Kind)}{since}{until}{devices}";
    }

    private static string Kind(WaitingKind kind) =>
        kind switch
        {
            WaitingKind.Approval => "a person's approval",
            WaitingKind.Resume => "a person to look at the failures and resume",
            WaitingKind.Window => "its time window",
            WaitingKind.Freeze => "the end of a freeze",
            WaitingKind.Check => "a check",
            WaitingKind.Reachable => "a device of the step to connect",
            WaitingKind.Bundle => "another release of the same devices",
            WaitingKind.Budget => "a place that lost or failed devices hold",
            _ => "a device that matches",
        };

    /// <summary>The command that leads on; null where none is due.</summary>
    private static string? Advice(Sight sight)
    {
        var (status, meta) = (sight.Status, sight.Release.Meta);
        var name = $"{meta.Name} -n {meta.Namespace}";
        return status.WaitingFor switch
        {
            { Kind: WaitingKind.Approval } => $"kubectl edgerelease approve {name}",
            { Kind: WaitingKind.Resume } => $"kubectl edgerelease resume {name}",
            _ when status.Phase == Phase.Paused => $"kubectl edgerelease resume {name}",
            _ when status.Phase == Phase.RolledBack => $"kubectl edgerelease retry {name}",
            _ => null,
        };
    }
}

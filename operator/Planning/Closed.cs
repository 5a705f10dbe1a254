using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>A step whose devices all wait for their time window, those too whose command never arrived, but for those whose
/// bundle is being changed.</summary>
internal static class Closed
{
    /// <summary>Until when they wait; null when one of them may go, or is on its way.</summary>
    public static Verdict? Of(Scene scene, IReadOnlyList<Device> target)
    {
        var waiting = ForwardWrites.Due(scene, target);
        var isIdle =
            !scene.IsBlind
            && target.All(device =>
                device.IsSettled
                || device.IsCandidate
                || ForwardWrites.IsRepeat(device)
                || device.Standing.Busy is not null
            );
        return waiting.Count == 0 || !isIdle || waiting.Exists(scene.IsOpen)
            ? null
            : new Verdict(
                Phase.Waiting,
                Reasons.WaitingForWindow,
                $"{Walk.Progress(scene, target)}; {Names.Count(waiting.Count)} waiting for a time window: {Next(scene, waiting)}"
            )
            {
                WaitingFor = new WaitingFor { Kind = WaitingKind.Window, Until = Opens(scene, waiting) },
            };
    }

    /// <summary>When the first of these devices may go; null when none may within 8 days.</summary>
    public static DateTimeOffset? Opens(Scene scene, IEnumerable<Device> devices) =>
        devices.Select(device => scene.Hours.Next(device.Seen.Tags)).Min();

    /// <summary>The same in words.</summary>
    public static string Next(Scene scene, IReadOnlyList<Device> devices) =>
        Opens(scene, devices) is { } at
            ? $"{(IsSame(scene, devices) ? "it" : "the first")} opens at {Line.Of(at)}"
            : $"none opens within 8 days{(scene.Hours.Begins is { } begin ? $" of {Line.Of(begin)}" : "")}: "
                + $"change spec.schedule, or that of LosantApplication {scene.Wanted.Rails.Application}";

    private static bool IsSame(Scene scene, IReadOnlyList<Device> devices) =>
        devices.Select(device => scene.Hours.Next(device.Seen.Tags)).Distinct().Count() == 1;
}

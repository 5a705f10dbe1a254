using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>The guard's own gate: it stands before the command that would bring more devices to the version than an
/// application lets pass unasked. A promotion does not open it.</summary>
internal static class Above
{
    /// <summary>The walk with as many devices as may move unasked; when none may, a person is asked.</summary>
    public static Walk Of(Scene scene, Walk walk)
    {
        if (scene.Wanted.Rails.Guard.ApprovalAbove is not { } most)
        {
            return walk;
        }

        scene = scene with { Memory = walk.Memory };
        var room = most - scene.Fleet.Devices.Count(IsMoved);
        var fresh = walk.Forward.Where(device => !IsMoved(device)).ToList();
        var token = Approvals.Token(scene, $"a{most}");
        if (walk.Forward.Count == 0 || fresh.Count <= room || Approvals.IsKnown(walk.Memory, token))
        {
            return walk;
        }

        if (Approvals.By(scene.Wanted, token) is { } by)
        {
            return walk with { Memory = Approvals.With(scene, token, by) };
        }

        // A limit that was lowered below what has moved lets nobody go again either.
        var passing = fresh.Take(Math.Max(0, room)).ToHashSet();
        var forward = walk.Forward.Where(device => room >= 0 && (IsMoved(device) || passing.Contains(device))).ToList();
        return forward.Count > 0 ? walk with { Forward = forward } : Asking(scene, walk, most, token);
    }

    private static Walk Asking(Scene scene, Walk walk, int most, string token)
    {
        var what = $"of more than {most} devices, as LosantApplication {scene.Wanted.Rails.Application} asks";
        var asking = Approvals.Asking(scene, walk, what, token);
        return walk.Memory.IsFinished
            ? asking with
            {
                Verdict = asking.Verdict with { Phase = walk.Verdict.Phase, Reason = walk.Verdict.Reason },
            }
            : asking;
    }

    private static bool IsMoved(Device device) => device is { IsReturned: false, Row: { Closed: null, IsTried: true } };
}

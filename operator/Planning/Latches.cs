using System.Security.Cryptography;
using System.Text;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>The decisions that stay once taken: abort, breach, pause by policy, and their ends.</summary>
internal static class Latches
{
    public static Memory Of(Scene scene)
    {
        var memory = Resumed(scene with { Memory = Acknowledging(scene) });
        if (memory.Revision == 0)
        {
            return memory;
        }

        memory = Approvals.Promoted(scene with { Memory = memory }) with { Version = Republished(scene) };
        var aborted = Aborted(scene with { Memory = memory });
        return aborted ?? (memory.Latch is null ? Breached(scene with { Memory = memory }) : memory);
    }

    /// <summary>The revision's version, marked once its name means other content (F006, rule 24).</summary>
    private static VersionStatus? Republished(Scene scene)
    {
        var (pinned, wanted) = (scene.Memory.Version, scene.Wanted);
        var isOtherId =
            scene.Memory.Brings(wanted.Version)
            && wanted.FlowVersionId is { } id
            && pinned?.FlowVersionId is { } known
            && id != known;
        var isOtherContent = scene.Fleet.Devices.Any(device =>
            device is { Standing.IsRepublished: true, Row.IsTried: true }
        );
        return pinned is { Republished: false } && (isOtherId || isOtherContent)
            ? pinned with
            {
                Republished = true,
            }
            : pinned;
    }

    /// <summary>A person takes the whole revision back, also one that a breach has taken back in part.</summary>
    private static Memory? Aborted(Scene scene)
    {
        var memory = scene.Memory;
        var isAsked = scene.Wanted.Requests.Abort == $"r{memory.Revision}";
        if (!isAsked || memory.Latch is { Scope: RollbackScope.Release })
        {
            return null;
        }

        var reason = $"aborted by request{scene.Wanted.Requests.By(Annotations.Abort)}";
        var latched = Latched(scene, LatchKind.Abort, reason, RollbackScope.Release);
        return latched with { Handled = latched.Handled with { Abort = scene.Wanted.Requests.Abort } };
    }

    private static Memory Breached(Scene scene)
    {
        var memory = scene.Memory;
        var isJudged = scene.IsWatched && memory.Pause is null && scene.Fleet.Seen.Believed;
        if (!isJudged || scene.Wanted.DeletedAt is not null)
        {
            return memory;
        }

        var policy = scene.Wanted.Spec.FailurePolicy;
        var stepIsSettled = scene.HasSettled(scene.Target.Devices);
        if (scene.Evidence.Breach(policy, memory.Acknowledged, stepIsSettled) is { } reason)
        {
            return Stopped(scene, reason, goesBack: policy.OnBreach == BreachAction.Rollback);
        }

        var losses = scene.Losses;
        if (losses.IsBreach || (losses.IsUnclear && !scene.IsEnded))
        {
            var goesBack = losses.IsBreach && policy.OnBreach == BreachAction.Rollback;
            return Stopped(scene, losses.Words, goesBack);
        }

        if (Confounding.Repeated(memory) is { } rebuilt && !scene.IsEnded)
        {
            return Stopped(scene, rebuilt, goesBack: false);
        }

        return StepVerdict.Stops(scene) && Walk.IsStepOver(scene)
            ? Stopped(scene, StepVerdict.Reason(scene), policy.OnInconclusive == InconclusiveAction.Rollback)
            : memory;
    }

    private static Memory Stopped(Scene scene, string reason, bool goesBack) =>
        goesBack
            ? Latched(scene, LatchKind.Breach, reason, scene.Wanted.Spec.FailurePolicy.RollbackScope)
            : scene.Memory with
            {
                Pause = PauseOf(scene, reason),
            };

    private static Memory Latched(Scene scene, LatchKind kind, string reason, RollbackScope scope)
    {
        var marked = Revisions.MarkedBad(scene.Memory, reason, scene.Now);
        return marked with
        {
            Latch = new RollbackLatch
            {
                Kind = kind,
                At = scene.Now,
                Reason = reason,
                Scope = scope,
                Step = LastStep(scene),
            },
            Pause = null,
            Result = null,
        };
    }

    /// <summary>The step under way; after the end the last one that has moved anybody.</summary>
    private static int LastStep(Scene scene)
    {
        var (index, last) = (scene.Memory.Step.Index, scene.Steps.Count - 1);
        return index <= last
            ? index
            : Math.Min(last, Evidence.Tried(scene.Memory).Select(row => row.Step).DefaultIfEmpty(last).Max());
    }

    private static PolicyPause PauseOf(Scene scene, string reason)
    {
        var revision = scene.Memory.Revision;
        var text =
            $"{scene.Wanted.Uid}\n{revision}\n{scene.Memory.Batch}\n{scene.Evidence.Failed}\n{scene.Evidence.Outcomes}"
            + $"\n{scene.Losses.Lost}"
            + (Confounding.Rebuilds(scene.Memory) is > 0 and var rebuilds ? $"\n{rebuilds}" : "");
        return PauseOf(revision, scene.Evidence.Failed, text, scene.Now, reason);
    }

    /// <summary>A pause whose token binds what a person accepts by it.</summary>
    /// <param name="revision">The revision.</param>
    /// <param name="failed">Failures so far.</param>
    /// <param name="text">What is accepted.</param>
    /// <param name="at">When it began.</param>
    /// <param name="reason">Why, as a sentence.</param>
    public static PolicyPause PauseOf(int revision, int failed, string text, DateTimeOffset at, string reason)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..6];
        return new PolicyPause
        {
            Token = $"r{revision}-p{failed}-{hash}",
            At = at,
            Reason = reason,
        };
    }

    /// <summary>A baseline beyond the evidence would hide new failures: devices that were given back took theirs along.</summary>
    private static Memory Acknowledging(Scene scene)
    {
        var (seen, evidence) = (scene.Memory.Acknowledged, scene.Evidence);
        // An outage of a group sets losses aside for a while, and a doubted scan may lack their devices.
        var losses = scene.Losses;
        var lost = scene.Fleet.Seen.Believed ? losses.Lost + losses.Unattributed : seen.Lost;
        return seen.Failures <= evidence.Failed && seen.Outcomes <= evidence.Outcomes && seen.Lost <= lost
            ? scene.Memory
            : scene.Memory with
            {
                Acknowledged = seen with
                {
                    Failures = Math.Min(seen.Failures, evidence.Failed),
                    Outcomes = Math.Min(seen.Outcomes, evidence.Outcomes),
                    Lost = Math.Min(seen.Lost, lost),
                },
            };
    }

    /// <summary>A person resumes with the token: the failures seen become the baseline (rule 26).</summary>
    private static Memory Resumed(Scene scene)
    {
        var memory = scene.Memory;
        if (memory.Pause?.Token is not { } token)
        {
            return memory;
        }

        if (Approvals.By(scene.Wanted, token) is not { } by)
        {
            return memory;
        }

        return Approvals.With(scene, token, by) with
        {
            Pause = null,
            Acknowledged = new AcknowledgedFailures
            {
                Failures = scene.Evidence.Failed,
                Outcomes = scene.Evidence.Outcomes,
                Lost = scene.Losses.Lost,
                Rebuilds = Confounding.Rebuilds(memory),
            },
        };
    }
}

using EdgeRelease.Api;
using EdgeRelease.Controller;

namespace EdgeRelease.Cli;

/// <summary>What is waited for.</summary>
internal enum Goal
{
    /// <summary>The release has ended well.</summary>
    Complete,

    /// <summary>The step that was under way has passed.</summary>
    Step,

    /// <summary>A person's approval is asked for.</summary>
    Approval,
}

/// <summary>What a status means for who waits: the exit code, or null while it is on its way.</summary>
/// <param name="Code">The exit code; null while on its way.</param>
/// <param name="Word">The same in one word.</param>
internal sealed record Answer(int? Code, string Word)
{
    public static readonly Answer OnItsWay = new(null, "OnItsWay");
    public static readonly Answer Reached = new(Exit.Reached, "Reached");
    public static readonly Answer RolledBack = new(Exit.RolledBack, "RolledBack");
    public static readonly Answer NeedsHuman = new(Exit.NeedsHuman, "NeedsHuman");
    public static readonly Answer Missed = new(Exit.Error, "Missed");

    /// <summary>What the status of a release means.</summary>
    /// <param name="release">The release.</param>
    /// <param name="goal">What is waited for.</param>
    /// <param name="from">The revision and step at the beginning; null when this is the beginning.</param>
    public static Answer Of(ReleaseObject release, Goal goal, Milestone? from)
    {
        if (release.Status is not { Phase: { } phase } status || status.ObservedGeneration < release.Meta.Generation)
        {
            return OnItsWay;
        }

        if (phase == Phase.RolledBack)
        {
            return RolledBack;
        }

        var isEnded = phase is Phase.Complete or Phase.AtPercentage or Phase.Observing;
        if (isEnded)
        {
            return goal == Goal.Approval ? Missed : Reached;
        }

        return goal switch
        {
            Goal.Approval when status.WaitingFor is { Kind: WaitingKind.Approval } => Reached,
            Goal.Step when Milestone.Of(status) is { } now && from is { } mark && now.IsBeyond(mark) => Reached,
            _ => WantsPerson(status) ? NeedsHuman : OnItsWay,
        };
    }

    private static bool WantsPerson(EdgeReleaseStatus status) =>
        status.Phase is Phase.Blocked or Phase.Paused
        || status.WaitingFor is { Kind: WaitingKind.Approval or WaitingKind.Resume }
        || status.Conditions.Any(each => each is { Type: ConditionTypes.Stalled, Status: ConditionStatus.True });
}

/// <summary>How far a release has come.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Index">The step, from 1; one more than there are once all have passed.</param>
internal sealed record Milestone(int Revision, int Index)
{
    /// <summary>That of a status; null before the first step.</summary>
    public static Milestone? Of(EdgeReleaseStatus? status) =>
        status?.Step is { } step ? new Milestone(step.Revision, step.Passed ? step.Of + 1 : step.Index) : null;

    /// <summary>Whether it is further than another.</summary>
    public bool IsBeyond(Milestone other) =>
        Revision > other.Revision || (Revision == other.Revision && Index > other.Index);
}

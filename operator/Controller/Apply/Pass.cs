using EdgeRelease.Api;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>One pass over one release, as it goes from plan to report.</summary>
/// <param name="Release">The object under whose resourceVersion the next write is made.</param>
/// <param name="Wanted">What is wanted.</param>
/// <param name="Plan">What was decided.</param>
/// <param name="Memory">What is to be remembered, commands sent so far included.</param>
public sealed record Pass(ReleaseObject Release, Wanted Wanted, Plan Plan, Memory Memory)
{
    /// <summary>The status before the pass; null when there was none.</summary>
    public required EdgeReleaseStatus? Before { get; init; }

    /// <summary>Why sending ended early; null when every batch was sent or refused by itself.</summary>
    public Stop? Stopped { get; init; }

    /// <summary>Why Losant will not take some batches before a person acts; the others were sent.</summary>
    public IReadOnlyList<Obstacle> Refusals { get; init; } = [];

    /// <summary>What happened while sending, for Events.</summary>
    public IReadOnlyList<Notice> News { get; init; } = [];

    /// <summary>The status that this pass leads to.</summary>
    /// <param name="wallNow">The wall clock, for transition times.</param>
    public EdgeReleaseStatus Status(DateTimeOffset wallNow) =>
        Summary.Of(
            new SummaryInput
            {
                Before = Before,
                Generation = Release.Meta.Generation,
                Wanted = Wanted.Release!,
                Plan = Plan with { Memory = Memory },
                WallNow = wallNow,
                Application = Wanted.Application,
                Flow = Wanted.Flow,
            }
        );

    /// <summary>The status to store before each call, but for the memory of the calls: it is made once a pass, because
    /// the fleet stays the same. A revision that could not go on says so until a call went well.</summary>
    /// <param name="wallNow">The wall clock, for transition times.</param>
    public EdgeReleaseStatus BeforeCalls(DateTimeOffset wallNow)
    {
        var status = Status(wallNow);
        var isStalled =
            Before?.Revision == Memory.Revision
            && Before.Conditions.Any(condition => condition.Type == ConditionTypes.Stalled);
        return isStalled
            ? status with
            {
                ObservedGeneration = Before!.ObservedGeneration,
                Phase = Before.Phase,
                Message = Before.Message,
                Conditions = Before.Conditions,
            }
            : status;
    }
}

/// <summary>Why a pass stopped sending.</summary>
/// <param name="Why">One sentence for the log.</param>
/// <param name="Error">What Losant said; null when it was not asked.</param>
public sealed record Stop(string Why, LosantException? Error = null)
{
    /// <summary>What a person must act on, so that it is tried again at the idle pace only; null when it goes by
    /// itself.</summary>
    public Obstacle? Obstacle { get; init; }
}

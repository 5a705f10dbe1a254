using EdgeRelease.Api;
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

    /// <summary>Why sending ended early; null when every batch was sent.</summary>
    public Stop? Stopped { get; init; }

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
}

/// <summary>Why a pass stopped sending.</summary>
/// <param name="Why">One sentence for the log.</param>
/// <param name="Error">What Losant said; null when it was not asked.</param>
/// <param name="IsRefusal">Whether a production guard refused the batch: then the release stalls.</param>
public sealed record Stop(string Why, Losant.LosantException? Error = null, bool IsRefusal = false);

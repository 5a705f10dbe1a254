namespace EdgeRelease.Cli;

/// <summary>What came of one simulated rollout.</summary>
internal sealed record Played
{
    /// <summary>The seed that plays it again.</summary>
    public required int Seed { get; init; }

    /// <summary>The phase that it ended in.</summary>
    public required string Phase { get; init; }

    /// <summary>The last message.</summary>
    public required string Message { get; init; }

    /// <summary>From the release to its end.</summary>
    public required TimeSpan Took { get; init; }

    /// <summary>The most connected devices at once that did not run what they were told.</summary>
    public required int MostAway { get; init; }

    /// <summary>From the decision to roll back until all were restored; null without a rollback.</summary>
    public TimeSpan? Restoring { get; init; }

    /// <summary>The story line by line.</summary>
    public required string Story { get; init; }

    /// <summary>Whether it was rolled back.</summary>
    public bool IsRolledBack => Restoring is not null;
}

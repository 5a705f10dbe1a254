using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>How other tools read each state.</summary>
public sealed class SummaryStateTests
{
    private static EdgeReleaseStatus Said(World world, Verdict verdict)
    {
        world.Pass();
        return World.Stored(Summary.Of(world.Input(world.Plan! with { Verdict = verdict })));
    }

    [Theory]
    [InlineData(Phase.Pending, Reasons.LosantUnreachable, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Planning, Reasons.LosantUnreachable, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Progressing, Reasons.Progressing, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Soaking, Reasons.Soaking, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Waiting, Reasons.WaitingForApproval, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Waiting, Reasons.WaitingForReachable, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Waiting, Reasons.WaitingForBudget, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Waiting, Reasons.NoDevices, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Waiting, Reasons.FleetShrunk, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Paused, Reasons.Paused, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.Paused, Reasons.PausedByPolicy, "Unknown", "True", "absent", "InProgress")]
    [InlineData(Phase.RollingBack, Reasons.Breach, "False", "True", "absent", "InProgress")]
    [InlineData(Phase.RollingBack, Reasons.Aborted, "False", "True", "absent", "InProgress")]
    [InlineData(Phase.RollingBack, Reasons.RollbackFailing, "False", "absent", "True", "Failed")]
    [InlineData(Phase.RolledBack, Reasons.RolledBack, "False", "absent", "True", "Failed")]
    [InlineData(Phase.Blocked, Reasons.KnownBad, "False", "absent", "True", "Failed")]
    [InlineData(Phase.Blocked, Reasons.VersionNotFound, "False", "absent", "True", "Failed")]
    [InlineData(Phase.Blocked, Reasons.VersionChangedUnderneath, "False", "absent", "True", "Failed")]
    [InlineData(Phase.Complete, Reasons.Complete, "True", "absent", "absent", "Current")]
    [InlineData(Phase.AtPercentage, Reasons.AtPercentage, "True", "absent", "absent", "Current")]
    [InlineData(Phase.Observing, Reasons.Planned, "True", "absent", "absent", "Current")]
    public void Reads_as_the_table_says_when_planned(
        Phase phase,
        string reason,
        string ready,
        string reconciling,
        string stalled,
        string kstatus
    )
    {
        var world = new World(3) { Generation = 7 };
        var status = Said(world, new Verdict(phase, reason, "what happens next"));

        Assert.Equal(
            (ready, reconciling, stalled),
            (status.Word("Ready"), status.Word("Reconciling"), status.Word("Stalled"))
        );
        Assert.Equal(kstatus, KStatus.Of(status, generation: 7));
        Assert.Equal((phase, 7L), (status.Phase, status.ObservedGeneration));
        Assert.All(status.Conditions, condition => Assert.Equal(7, condition.ObservedGeneration));
    }

    [Fact]
    public void Covers_every_phase_with_some_state()
    {
        var covered = typeof(SummaryStateTests)
            .GetMethod(nameof(Reads_as_the_table_says_when_planned))!
            .GetCustomAttributesData()
            .Where(row => row.AttributeType == typeof(InlineDataAttribute))
            .Select(row =>
                (IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)row.ConstructorArguments[0].Value!
            )
            .Select(arguments => (Phase)arguments[0].Value!)
            .ToHashSet();

        Assert.Equal(Enum.GetValues<Phase>().Where(phase => phase != Phase.Deleting).ToHashSet(), covered);
    }

    [Theory]
    [InlineData(ObstacleKind.Stalled, Reasons.InvalidSpec, "False", "absent", "True", "Failed", Phase.Blocked)]
    [InlineData(ObstacleKind.Stalled, Reasons.FlowNotFound, "False", "absent", "True", "Failed", Phase.Blocked)]
    [InlineData(ObstacleKind.Stalled, Reasons.CredentialsRejected, "False", "absent", "True", "Failed", Phase.Blocked)]
    [InlineData(
        ObstacleKind.Unreachable,
        Reasons.LosantUnreachable,
        "Unknown",
        "True",
        "absent",
        "InProgress",
        Phase.Pending
    )]
    [InlineData(
        ObstacleKind.Unreachable,
        Reasons.LosantThrottled,
        "Unknown",
        "True",
        "absent",
        "InProgress",
        Phase.Pending
    )]
    public void Reads_as_the_table_says_when_nothing_could_be_planned(
        ObstacleKind kind,
        string reason,
        string ready,
        string reconciling,
        string stalled,
        string kstatus,
        Phase phase
    )
    {
        var status = Summary.ForObstacle(null, 3, new Obstacle(reason, "why"), kind, DateTimeOffset.UnixEpoch);

        Assert.Equal(
            (ready, reconciling, stalled),
            (status.Word("Ready"), status.Word("Reconciling"), status.Word("Stalled"))
        );
        Assert.Equal(kstatus, KStatus.Of(status, generation: 3));
        Assert.Equal((phase, reason), (status.Phase, status.Find("Ready")!.Reason));
    }

    [Fact]
    public void Is_in_progress_when_the_spec_was_not_seen_yet() =>
        Assert.Equal("InProgress", KStatus.Of(new EdgeReleaseStatus(), generation: 1));

    [Fact]
    public void Is_in_progress_when_a_newer_spec_was_not_seen_yet()
    {
        var world = new World(3);
        Assert.Equal("Current", KStatus.Of(world.Settle(), generation: 1));
        Assert.Equal("InProgress", KStatus.Of(world.Status!, generation: 2));
    }

    [Theory]
    [InlineData(false, "Unknown")]
    [InlineData(true, "True")]
    public void Is_terminating_and_keeps_ready_when_deleted(bool isComplete, string ready)
    {
        var world = new World(3);
        _ = isComplete ? world.Settle() : world.Pass();
        world.Wanted = world.Wanted with { DeletedAt = world.Now };
        world.Generation = 2;
        var status = world.Pass();

        Assert.Equal(
            (ready, "True", "absent"),
            (status.Word("Ready"), status.Word("Reconciling"), status.Word("Stalled"))
        );
        Assert.Equal("Terminating", KStatus.Of(status, generation: 2, isDeleted: true));
        Assert.Equal(Phase.Deleting, status.Phase);
    }

    [Fact]
    public void Repeats_the_reason_in_the_ready_message_when_stalled()
    {
        var world = new World(2);
        var status = Said(world, new Verdict(Phase.Blocked, Reasons.KnownBad, "v2 was rolled back before"));

        Assert.Equal("KnownBad: v2 was rolled back before", status.Find("Ready")!.Message);
        Assert.Equal(status.Find("Stalled")!.Reason, status.Find("Ready")!.Reason);
    }

    [Fact]
    public void Is_current_when_the_percentage_is_reached()
    {
        var world = new World(10) { Wanted = Rows.Release("v2", percentage: 30) };
        var status = world.Settle();

        Assert.Equal((Phase.AtPercentage, "3/10"), (status.Phase, status.Progress));
        Assert.Equal("Current", KStatus.Of(status, generation: 1));
    }

    [Fact]
    public void Is_failed_when_rolled_back_for_real()
    {
        var world = new World(3);
        var status = world.Settle(failing: [1, 2, 3]);

        Assert.Equal(Phase.RolledBack, status.Phase);
        Assert.Equal("True", status.Word("RolledBack"));
        Assert.Equal("Failed", KStatus.Of(status, generation: 1));
    }
}

using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Observe, plan, send, again: what the controller does, without anything that can fail on the way.</summary>
internal sealed class PlannerLoop(Release wanted, PlannerWorld world)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(15);

    public PlannerWorld World => world;

    public Release Wanted { get; set; } = wanted;

    public Memory Memory { get; set; } = new();

    /// <summary>The plan of the last pass.</summary>
    public Plan Plan { get; private set; } = null!;

    /// <summary>Everything that happened so far.</summary>
    public List<Notice> Notices { get; } = [];

    /// <summary>Called for each plan before its batches are sent.</summary>
    public Action<Plan, Snapshot>? Watch { get; set; }

    /// <summary>Called with the memory after each pass.</summary>
    public Action<Memory>? Sent { get; set; }

    /// <summary>Whether the answer and the effect of a call get lost; null loses none.</summary>
    public Func<Batch, bool>? Loses { get; set; }

    public Phase Phase => Plan.Verdict.Phase;

    public string Message => Plan.Verdict.Message;

    /// <summary>One pass over what Losant shows now; a second passes between observing and sending.</summary>
    public Plan Pass()
    {
        var seen = world.Seen();
        world.Advance(TimeSpan.FromSeconds(1));
        return Pass(seen);
    }

    /// <summary>One pass over a given observation.</summary>
    public Plan Pass(Snapshot seen)
    {
        Plan = Planner.Plan(Timed(), Memory, seen, world.Now);
        Watch?.Invoke(Plan, seen);
        Notices.AddRange(Plan.Notices);
        Memory = Plan.Memory;
        foreach (var batch in Plan.Batches)
        {
            var rows = new Dictionary<DeviceId, LedgerRow>(Memory.Rows);
            foreach (var row in batch.Rows)
            {
                rows[row.Device] = row.Sent();
            }

            Memory = Memory with { Rows = rows, Batch = batch.Number };
            if (Loses?.Invoke(batch) is not true)
            {
                world.Release(batch);
            }
        }

        Sent?.Invoke(Memory);
        return Plan;
    }

    /// <summary>What is wanted, with the controller's word on the deadline of a deletion; there is one clock here.</summary>
    private Release Timed() =>
        Wanted with
        {
            IsOverdue = world.Now >= Wanted.DeletedAt + Wanted.Spec.Policy.DeleteDeadline,
        };

    /// <summary>Passes at the active pace for a time.</summary>
    public PlannerLoop For(TimeSpan time)
    {
        var until = world.Now + time;
        while (world.Now < until)
        {
            Pass();
            world.Advance(Poll);
        }

        return this;
    }

    /// <summary>Passes until the phase is reached; fails after a day of it.</summary>
    public PlannerLoop Until(Phase phase) => Until(plan => plan.Verdict.Phase == phase, phase.ToString());

    public PlannerLoop Until(Func<Plan, bool> isReached, string what = "the state")
    {
        var deadline = world.Now + TimeSpan.FromDays(1);
        while (!isReached(Pass()))
        {
            Assert.True(world.Now < deadline, $"{what} is not reached within a day: {Phase}: {Message}");
            world.Advance(Poll);
        }

        return this;
    }

    public LedgerRow? RowOf(PlannerGateway gateway) => Memory.Rows.GetValueOrDefault(gateway.Id);

    public Device Of(PlannerGateway gateway) => Plan.Fleet!.Devices.Single(device => device.Id == gateway.Id);

    public int Running(string? version) =>
        world.Gateways.Count(gateway => !gateway.IsDeleted && gateway.Runs == version);
}

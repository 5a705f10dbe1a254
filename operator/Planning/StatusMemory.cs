using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>What a release remembers, as its status stores it. The ledger has objects of its own.</summary>
public static class StatusMemory
{
    private static readonly AcknowledgedFailures NoneAcknowledged = new();
    private static readonly HandledRequests NoneHandled = new();

    /// <summary>The memory that a status holds.</summary>
    /// <param name="status">The status as it was stored last; null before the first, which remembers nothing.</param>
    /// <param name="rows">The ledger.</param>
    public static Memory Of(EdgeReleaseStatus? status, IReadOnlyDictionary<DeviceId, LedgerRow> rows)
    {
        status ??= new EdgeReleaseStatus();
        return new Memory
        {
            Revision = status.Revision,
            Version = status.Version,
            StartedAt = status.StartedAt,
            Step = MarkOf(status),
            AppliedPercentage = status.AppliedPercentage ?? 0,
            FastLane = status.FastLane,
            Latch = status.Latch,
            Result = status.Result,
            Pause = status.Pause,
            Acknowledged = status.Acknowledged ?? NoneAcknowledged,
            KnownBad = status.KnownBad,
            Batch = status.Batch,
            InFlight = status.InFlight,
            History = status.History,
            Approvals = status.Approvals,
            Acts = status.Acts,
            Export = status.Export,
            Handled = status.LastHandled ?? NoneHandled,
            IsLedgerLost = status.LedgerLost == true,
            Rows = rows,
        };
    }

    /// <summary>A status with a memory stored in it, the step apart.</summary>
    internal static EdgeReleaseStatus Stored(EdgeReleaseStatus status, Memory memory) =>
        status with
        {
            Revision = memory.Revision,
            Version = memory.Version,
            StartedAt = memory.StartedAt,
            AppliedPercentage = memory.Revision == 0 ? null : memory.AppliedPercentage,
            FastLane = memory.FastLane,
            Latch = memory.Latch,
            Result = memory.Result,
            Pause = memory.Pause,
            Acknowledged = memory.Acknowledged == NoneAcknowledged ? null : memory.Acknowledged,
            KnownBad = memory.KnownBad,
            Batch = memory.Batch,
            InFlight = memory.InFlight,
            History = memory.History,
            Approvals = memory.Approvals,
            Acts = memory.Acts,
            Export = memory.Export,
            LastHandled = memory.Handled == NoneHandled ? null : memory.Handled,
            LedgerLost = memory.IsLedgerLost ? true : null,
        };

    private static StepMark MarkOf(EdgeReleaseStatus status)
    {
        if (status.Step is not { } step || step.Revision != status.Revision)
        {
            return new StepMark();
        }

        return new StepMark
        {
            Index = Math.Max(0, step.Passed ? step.Of : step.Index - 1),
            StartedAt = step.StartedAt,
            SoakingSince = step.SoakingSince,
            SoakUntil = step.SoakUntil,
            Reached = step.Reached,
            StepsHash = step.StepsHash,
            Asked = step.Asked,
        };
    }

    /// <summary>The step as the status has it, counted from 1; null before the first revision.</summary>
    internal static StepStatus? StepOf(EdgeReleaseStatus before, Memory memory, IReadOnlyList<RolloutStep> steps)
    {
        if (memory.Revision == 0)
        {
            return null;
        }

        // Edited steps count only once the mark is aligned to them, which its hash tells; a shut gate delays that.
        var mark = memory.Step;
        var isCountedAsBefore =
            before.Step is { StepsHash: not null } old
            && old.StepsHash == mark.StepsHash
            && old.Revision == memory.Revision;
        var of = isCountedAsBefore ? Math.Max(1, before.Step!.Of) : steps.Count;
        var last = Math.Min(mark.Index, of - 1);
        var name = steps[Math.Min(last, steps.Count - 1)].Name;
        return new StepStatus
        {
            Index = last + 1,
            Of = of,
            Name = string.IsNullOrEmpty(name) ? null : name,
            StartedAt = mark.StartedAt,
            SoakingSince = mark.SoakingSince,
            SoakUntil = mark.SoakUntil,
            Revision = memory.Revision,
            Passed = mark.Index >= of,
            Reached = mark.Reached,
            StepsHash = mark.StepsHash,
            Asked = mark.Asked,
        };
    }
}

using System.Globalization;
using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>The invariants, checked against what the tiny Losant knows and not against what the planner thinks.</summary>
internal static class PlannerChecks
{
    public static void Batches(PlannerLoop loop, Plan plan)
    {
        var forward = plan
            .Batches.Where(batch => batch.Kind == CommandKind.Forward)
            .SelectMany(batch => batch.Rows)
            .ToList();
        var back = plan.Batches.Where(batch => batch.Kind == CommandKind.Back).SelectMany(batch => batch.Rows).ToList();
        var ids = forward.Concat(back).Select(row => row.Device).ToList();
        Assert.Equal(ids.Distinct(), ids);
        Assert.All(plan.Batches, batch => Assert.InRange(batch.Rows.Count, 1, 1000));
        Assert.All(back, row => Assert.Equal(row.Previous, row.Next!.Version));
        if (forward.Count > 0)
        {
            Brake(loop, plan);
            Assert.All(forward, row => Contained(loop, plan, row));
            Slots(loop, plan);
            Ceiling(loop, plan, forward);
            Minute(loop, forward.Count);
        }

        Groups(loop, plan);
        Assert.All(back, row => GoesBackFromOurs(loop, plan, row));
    }

    /// <summary>Whether the end is a phase in which a release may stay, and what the phase says is so.</summary>
    public static void Rest(PlannerLoop loop)
    {
        var phase = loop.Phase;
        Assert.True(
            loop.Plan.Verdict.Reason == Reasons.RollbackFailing
                || loop.Plan.Verdict is { Phase: Phase.RollingBack, WaitingFor.Kind: WaitingKind.Budget }
                || phase
                    is Phase.Complete
                        or Phase.AtPercentage
                        or Phase.RolledBack
                        or Phase.Waiting
                        or Phase.Paused
                        or Phase.Blocked,
            $"rests in {phase}: {loop.Message}"
        );
        var version = loop.Memory.Version?.Name;
        foreach (var device in loop.Plan.Fleet!.Eligible.Where(device => device.IsReachable))
        {
            var runs = device.Deployment?.Current;
            Assert.True(
                device.Standing.State != DeviceState.Updated || runs == version,
                $"{device.Id} counts as updated on {runs}"
            );
            Assert.True(
                phase != Phase.Complete || runs == version || device.IsSettled || SaysWhoHoldsSlots(loop),
                $"complete while {device.Id} runs {runs}: {device.Standing}"
            );
        }
    }

    public static string Text(Plan plan)
    {
        var memory = plan.Memory with { Rows = new Dictionary<DeviceId, LedgerRow>() };
        var rows = plan.Memory.Rows.OrderBy(pair => pair.Key).Select(pair => pair.Value.ToString());
        string[] facts =
        [
            Course(plan),
            plan.Verdict.Message,
            $"{memory.Step} {memory.Result} {memory.Latch} {memory.Acknowledged}",
            $"{plan.WakeAt:O} {plan.IsActive}",
        ];
        return string.Join('\n', [.. facts, .. plan.Notices.Select(notice => notice.ToString()), .. rows]);
    }

    public static string Course(Plan plan) => plan.Verdict.Phase + string.Concat(plan.Batches.Select(Line));

    private static string Line(Batch batch) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"\n{batch.Number} {batch.Kind} {batch.Version}: {string.Join(',', batch.Devices)}"
        );

    private static bool SaysWhoHoldsSlots(PlannerLoop loop) =>
        loop.Message.Contains("slots are held by", StringComparison.Ordinal);

    private static void Brake(PlannerLoop loop, Plan plan)
    {
        Assert.Null(plan.Memory.Latch);
        Assert.Null(plan.Memory.Pause);
        Assert.False(loop.Wanted.Spec.Paused);
        Assert.True(plan.Fleet!.Seen.Believed);
    }

    private static void Contained(PlannerLoop loop, Plan plan, LedgerRow row)
    {
        var device = plan.Fleet!.Devices.Single(device => device.Id == row.Device);
        Assert.True(new Selection(loop.Wanted.Spec).Claims(device.Seen), $"{row.Device} is not selected");
        Assert.True(device.Seen.Agent() >= new Version(1, 20), $"{row.Device} is too old");
        Assert.True(
            device.Deployment?.Desired != loop.Wanted.Version,
            $"{row.Device} wants {loop.Wanted.Version} already"
        );
        Assert.NotEqual(DeviceState.Drifted, device.Standing.State);
        Assert.InRange(row.Sent().Attempts, 1, 1 + loop.Wanted.Spec.Health.Retries);
    }

    private static void Slots(PlannerLoop loop, Plan plan)
    {
        var limit = loop.Wanted.Spec.Limits.MaxUnavailable;
        var most = limit.IsPercent ? Math.Max(1, limit.Value * plan.Fleet!.Eligible.Count / 100) : limit.Value;
        var held = plan.Fleet!.Devices.Where(device => device.Standing.HoldsSlot)
            .Select(device => device.Id)
            .ToHashSet();
        var before = held.Count;
        held.UnionWith(
            plan.Batches.SelectMany(batch => batch.Rows).Where(row => row.Next!.WasConnected).Select(row => row.Device)
        );
        Assert.True(held.Count == before || held.Count <= most, $"{held.Count} slots of {most}");
    }

    /// <summary>No command, forward or back, takes a slot that its group does not have.</summary>
    private static void Groups(PlannerLoop loop, Plan plan)
    {
        foreach (var limit in new[] { loop.Wanted.Spec.Limits.PerGroup, loop.Wanted.Rails.Guard.PerGroup })
        {
            Group(limit, plan);
        }
    }

    private static void Group(GroupLimitSpec? limit, Plan plan)
    {
        if (limit is null)
        {
            return;
        }

        var sent = plan.Batches.SelectMany(batch => batch.Rows).Where(row => row.Next!.WasConnected);
        var ids = sent.Select(row => row.Device).ToHashSet();
        var devices = plan.Fleet!.Devices;
        foreach (var more in devices.Where(device => ids.Contains(device.Id) && !device.Standing.HoldsSlot))
        {
            var value = more.Seen.Tags.First(limit.Tag);
            var held = devices.Count(device =>
                device.Seen.Tags.First(limit.Tag) == value && (device.Standing.HoldsSlot || ids.Contains(device.Id))
            );
            Assert.True(value is null || held <= limit.MaxUnavailable, $"{held} away in {value}");
        }
    }

    private static void Minute(PlannerLoop loop, int more)
    {
        var since = loop.World.Now - TimeSpan.FromMinutes(1);
        var told = loop.World.Tellings.Count(telling => telling.IsForward && telling.At > since) + more;
        Assert.True(!(told > loop.Wanted.Spec.Limits.PerMinute), $"{told} told within a minute");
    }

    private static void Ceiling(PlannerLoop loop, Plan plan, List<LedgerRow> forward)
    {
        var eligible = plan.Fleet!.Eligible;
        var placed = eligible.Where(device => device.IsPlaced).Select(device => device.Id).ToHashSet();
        var had = placed.Count;
        placed.UnionWith(forward.Select(row => row.Device));
        var steps = plan.Memory.FastLane ? [new RolloutStep { Percentage = 100 }] : loop.Wanted.Steps;
        var step = steps[Math.Min(plan.Memory.Step.Index, steps.Count - 1)];
        var percentage = Math.Min(step.DeviceTags is null ? step.Percentage ?? 100 : 100, loop.Wanted.Percentage);
        Assert.True(
            placed.Count == had || placed.Count <= Share.Part(percentage, eligible.Count),
            $"{placed.Count} of {eligible.Count} at {percentage} %"
        );
    }

    private static void GoesBackFromOurs(PlannerLoop loop, Plan plan, LedgerRow row)
    {
        var device = plan.Fleet!.Devices.Single(device => device.Id == row.Device);
        var told = loop.World.Gateways.Single(gateway => gateway.Id == row.Device).Told;
        Assert.NotEmpty(told);
        var desired = device.Deployment?.Desired;
        Assert.True(
            desired == told[^1] || desired == row.Last?.From,
            $"{row.Device} wants {desired}, which is not ours"
        );
    }

    private static Version Agent(this DeviceRow device) => Version.Parse(device.AgentVersion!);
}

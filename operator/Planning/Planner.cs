using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>The whole decision, as a function of what is wanted, what is remembered, what is observed, and the time.</summary>
public static class Planner
{
    /// <summary>What to do now, and where the release stands.</summary>
    /// <param name="wanted">The spec, resolved.</param>
    /// <param name="memory">What the status and the ledger carry from before.</param>
    /// <param name="seen">What Losant said.</param>
    /// <param name="now">Losant's clock now, not before the observation's end.</param>
    /// <returns>The plan; the same inputs give the same plan.</returns>
    public static Plan Plan(Release wanted, Memory memory, Snapshot seen, DateTimeOffset now)
    {
        if (Rebuilding.Waiting(wanted, memory, seen) is { } waiting)
        {
            return waiting;
        }

        var (whole, rebuilt) = Rebuilding.Of(wanted, memory, seen);
        var plan = Observing.Is(wanted)
            ? Observing.Of(wanted, Asked(whole, wanted.Requests.ReconcileAt), seen, now)
            : Decided(wanted, whole, seen, now);
        return Stale.Named(wanted, rebuilt is null ? plan : plan with { Notices = [rebuilt, .. plan.Notices] });
    }

    private static Plan Decided(Release wanted, Memory memory, Snapshot seen, DateTimeOffset now)
    {
        var current = Asked(Revisions.Current(wanted, memory, now), wanted.Requests.ReconcileAt);
        var fleet = Fleet.Of(wanted, current, seen);
        var learnt = Drift.Forgotten(wanted, Learning.From(fleet, current, wanted));
        var scene = new Scene(wanted, learnt, fleet, Evidence.Of(learnt, fleet), now);
        scene = scene with { Memory = Latches.Of(scene) };
        scene = scene with { Memory = Lowering.Applied(scene) };
        var back = Batches.Of(BackWrites.Of(scene), scene.Memory.Batch);
        scene = scene with { Spent = BackWrites.Sending(scene, back) };

        var decided =
            wanted.DeletedAt is not null ? Deleting(scene, back)
            : scene.Memory.Latch is { } latch ? RollingBack(scene, latch, back)
            : Moving(scene, back);
        return decided with
        {
            Export = BundleWish.Of(scene, decided.Batches),
            Verdict = Ignored.Named(wanted, decided.Memory, decided.Verdict),
            Memory = Acts.Noted(memory, decided.Memory, wanted, now),
            Notices =
            [
                .. Happened.Between(memory, decided.Memory, wanted.Requests),
                .. Acts.Paused(memory, wanted),
                .. decided.Notices,
            ],
            WakeAt = Wake.At(decided, wanted, scene.Hours, current),
            IsActive = Wake.IsActive(decided),
        };
    }

    /// <summary>Every plan answers the last wish for a reconcile, as Flux reads it.</summary>
    private static Memory Asked(Memory memory, string? at) =>
        at is null || at == memory.Handled.ReconcileAt
            ? memory
            : memory with
            {
                Handled = memory.Handled with { ReconcileAt = at },
            };

    private static Plan Deleting(Scene scene, IReadOnlyList<Batch> back)
    {
        var (mayGo, verdict, notice) = Deletion.Of(scene, back.Count > 0);
        return Of(scene, back, Stopped(scene, verdict)) with
        {
            MayGo = mayGo,
            Notices = notice is null ? [] : [notice],
        };
    }

    private static Plan RollingBack(Scene scene, RollbackLatch latch, IReadOnlyList<Batch> back)
    {
        var (memory, verdict) = Rollback.Of(scene, latch, back.Count > 0);
        return Of(scene with { Memory = memory }, back, Stopped(scene, verdict));
    }

    /// <summary>Going back waits for nothing but the end of a freeze of everything, a deletion for that of each.</summary>
    private static Verdict Stopped(Scene scene, Verdict verdict) =>
        scene.Wanted.Rails is { Frozen: not null } rails
        && (verdict.Phase == Phase.Deleting || (rails.IsShutDown && verdict.Phase == Phase.RollingBack))
            ? verdict with
            {
                Message = $"{verdict.Message}; {scene.Wanted.Rails.FrozenBecause}",
                WaitingFor = new WaitingFor { Kind = WaitingKind.Freeze },
            }
            : verdict;

    private static Plan Moving(Scene scene, IReadOnlyList<Batch> back)
    {
        var gate = Gates.First(scene);
        var walk = gate is { Phase: Phase.Blocked } && scene.Memory.Revision == 0 ? null : Walk.Of(scene);
        if (gate is null && Drift.Corrections(scene) is { Count: > 0 } drifted)
        {
            var correcting = Above.Of(scene, walk! with { Forward = drifted });
            if (correcting.Forward.Count > 0)
            {
                return Correcting(scene, back, correcting);
            }

            // A person is asked, so that a raise can answer; who was taken away keeps nobody else waiting.
            walk = walk.Forward.Count > 0 ? walk : correcting;
        }

        if (gate is null && walk is not null)
        {
            var because = walk.Because ?? walk.Verdict.Message.Split(';')[0];
            var stepped = scene with { Memory = walk.Memory };
            var rows = walk.Forward.Select(device => Commands.Forward(stepped, device)).ToList();
            var forward = Batches.Of([new Dispatch(rows, because)], scene.Memory.Batch + back.Count);
            return Of(stepped, [.. back, .. forward], walk.Verdict) with
            {
                Target = walk.Target,
                Notices = walk.Notices,
            };
        }

        return Held(scene, back, gate!, walk);
    }

    /// <summary>Who was taken away comes before who has not been moved yet.</summary>
    private static Plan Correcting(Scene scene, IReadOnlyList<Batch> back, Walk walk)
    {
        var drifted = walk.Forward;
        scene = scene with
        {
            Memory = scene.Memory with { Approvals = walk.Memory.Approvals, Handled = walk.Memory.Handled },
        };
        var because = $"send {drifted.Count} again that somebody else changed";
        var rows = drifted.Select(device => Commands.Correct(scene, device)).ToList();
        var forward = Batches.Of([new Dispatch(rows, because)], scene.Memory.Batch + back.Count);
        var names = Names.Of(drifted.Select(device => device.Id));
        return Of(scene, [.. back, .. forward], walk.Verdict) with
        {
            Target = walk.Target,
            Notices = [new Notice("DriftCorrected", $"{because}: {names}")],
        };
    }

    /// <summary>A shut gate stops forward commands and the steps; a finished release stays so, and says who must wait
    /// (rule 21).</summary>
    private static Plan Held(Scene scene, IReadOnlyList<Batch> back, Gate gate, Walk? walk)
    {
        var isAtEnd = scene.Memory.IsFinished && walk is { Memory.IsFinished: true };
        var isOwed =
            Lowering.IsDue(scene) || scene.Fleet.Devices.Any(device => device.Standing.WantsBack != BackCause.None);
        var isQuiet = gate.Reason == Reasons.Paused || (gate.Reason == Reasons.Frozen && !isOwed);
        var verdict =
            isAtEnd && gate.KeepsEnd ? walk!.Verdict
            : isAtEnd && isQuiet ? Kept(scene, gate, walk!)
            : new Verdict(gate.Phase, gate.Reason, gate.Message) { WaitingFor = Waiting(scene, gate) };
        return Of(scene, back, verdict) with { Target = walk?.Target ?? [], Gate = gate };
    }

    private static Verdict Kept(Scene scene, Gate gate, Walk walk)
    {
        var held = ForwardWrites.Due(scene, walk.Target).Union(walk.Forward).Count();
        return held == 0
            ? walk.Verdict
            : walk.Verdict with
            {
                Message = $"{walk.Verdict.Message}; {Names.Count(held)} waiting: {gate.Message}",
            };
    }

    private static WaitingFor? Waiting(Scene scene, Gate gate) =>
        gate.Reason switch
        {
            Reasons.PausedByPolicy => new WaitingFor
            {
                Kind = WaitingKind.Resume,
                Token = scene.Memory.Pause!.Token,
                Since = scene.Memory.Pause.At,
            },
            Reasons.WaitingForBudget => Lowering.Stuck(scene)?.Waiting,
            Reasons.Frozen => new WaitingFor { Kind = WaitingKind.Freeze },
            Reasons.FleetShrunk => new WaitingFor { Kind = WaitingKind.Devices },
            _ => null,
        };

    private static Plan Of(Scene scene, IReadOnlyList<Batch> batches, Verdict verdict) =>
        new()
        {
            Batches = batches,
            Verdict = verdict,
            Memory = scene.Memory,
            Notices = [],
            Fleet = scene.Fleet,
            Evidence = scene.Evidence,
            Now = scene.Now,
            Scene = scene,
        };
}

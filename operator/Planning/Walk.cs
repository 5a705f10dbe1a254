using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>How far the steps go on this observation: which devices move now, and what the release waits for.</summary>
/// <param name="Memory">With the step reached.</param>
/// <param name="Target">The step's devices.</param>
/// <param name="Forward">Devices to send forward now, if no gate is shut.</param>
/// <param name="Verdict">Where that leaves the release.</param>
internal sealed record Walk(Memory Memory, IReadOnlyList<Device> Target, IReadOnlyList<Device> Forward, Verdict Verdict)
{
    /// <summary>Why those go forward now; null: it is what the verdict says first.</summary>
    public string? Because { get; init; }

    /// <summary>What happened on the way, for Events.</summary>
    public IReadOnlyList<Notice> Notices { get; init; } = [];

    /// <summary>Goes from step to step as far as each passes (rule 14).</summary>
    public static Walk Of(Scene scene)
    {
        if (scene.Fleet.Eligible.Count == 0 && !(scene.IsBlind && scene.Memory.IsFinished))
        {
            return NoDevices(scene);
        }

        var notices = new List<Notice>();
        scene = scene with { Memory = Steps.Aligned(scene) };
        scene = scene with { Memory = Approvals.Given(scene) };
        while (!scene.Memory.IsFinished && scene.Memory.Step.Index < scene.Steps.Count)
        {
            var judged = Judged(scene);
            if (judged is not null)
            {
                return Above.Of(scene, Approvals.Held(scene, judged)) with { Notices = notices };
            }

            notices.Add(Passed(scene));
            scene = scene with { Memory = scene.Memory with { Step = Next(scene) } };
            scene = scene with { Memory = Approvals.Given(scene) };
        }

        var last = Above.Of(scene, Approvals.Held(scene, Finish.Of(scene)));
        return last with { Notices = [.. notices, .. last.Notices] };
    }

    /// <summary>Whether the step under way has its outcomes and its soak behind it, however they are judged.</summary>
    public static bool IsStepOver(Scene scene)
    {
        if (scene.Fleet.Eligible.Count == 0)
        {
            return false;
        }

        scene = scene with { Memory = Steps.Aligned(scene) };
        return !scene.Memory.IsFinished && scene.Memory.Step.Index < scene.Steps.Count && Waiting(scene) is null;
    }

    /// <summary>What holds the step; null when it has passed. One that failed too often is stopped before the next pass
    /// goes on.</summary>
    private static Walk? Judged(Scene scene)
    {
        if (Waiting(scene) is { } waiting)
        {
            return waiting;
        }

        var target = scene.Target.Devices;
        return StepVerdict.Stops(scene)
            ? new Walk(scene.Memory, target, [], Moving(scene, target, new Turn([], [])))
            : null;
    }

    /// <summary>What the step waits for; null when it is over.</summary>
    private static Walk? Waiting(Scene scene)
    {
        var memory = scene.Memory;
        var step = scene.Steps[memory.Step.Index];
        var target = scene.Target.Devices;
        if (
            !scene.IsBlind
            && (Share.IsEmpty(scene.Fleet, scene.Steps, memory.Step.Index) || scene.Wanted.Percentage == 0)
        )
        {
            return null;
        }

        var due = ForwardWrites.Due(scene, target);
        var forward = ForwardWrites.Of(scene, due);
        if (!scene.HasSettled(target) || due.Count > 0)
        {
            return new Walk(memory, target, forward, Moving(scene, target, new Turn(due, forward)));
        }

        var own = Share.Own(scene.Steps, memory.Step.Index, target);
        if (!IsProven(own))
        {
            return new Walk(memory, target, forward, Unproven.Of(scene, target));
        }

        memory = memory with { Step = Soaked(memory, step, scene.Now) };
        scene = scene with { Memory = memory };
        var soaking = new Walk(memory, target, forward, Soaking(scene, target));
        return memory.Step.SoakUntil > scene.Fleet.At ? soaking
            : Approvals.IsOpen(scene, memory.Step.Index) ? null
            : Approvals.Asking(scene, memory.Step.Index, soaking);
    }

    /// <summary>The mark with the end of its soak, which an edit of the spec moves at once (F084).</summary>
    private static StepMark Soaked(Memory memory, RolloutStep step, DateTimeOffset now)
    {
        var mark = memory.Step with { SoakingSince = memory.Step.SoakingSince ?? now };
        return step.Soak > TimeSpan.Zero && !memory.FastLane && !memory.IsPromoted
            ? mark with
            {
                SoakUntil = mark.SoakingSince + step.Soak,
            }
            : memory.Step with
            {
                SoakingSince = null,
                SoakUntil = null,
            };
    }

    /// <summary>Beyond all steps after one that the ceiling makes the last.</summary>
    private static StepMark Next(Scene scene)
    {
        var isLast = Share.IsLast(scene.Fleet, scene.Wanted, scene.Steps, scene.Memory.Step.Index);
        return Steps.After(scene, isLast ? scene.Steps.Count : scene.Memory.Step.Index + 1);
    }

    private static bool IsProven(IReadOnlyList<Device> target)
    {
        var isAdopted = target.Count > 0 && target.All(device => device.Standing.State == DeviceState.Updated);
        return isAdopted
            || target.Any(device =>
                device is { IsEligible: true, Standing.State: DeviceState.Updated, Row.IsTried: true }
                && device.Standing.Outcome != Outcome.Confounded
            );
    }

    /// <summary>Under way; or stuck, when nobody but who holds the slots can make room.</summary>
    public static Verdict Moving(Scene scene, IReadOnlyList<Device> target, Turn turn)
    {
        if (turn.Sent.Count == 0 && (Closed.Of(scene, target) ?? BundleLock.Wait(scene, target)) is { } closed)
        {
            return closed;
        }

        if (turn.Stuck(scene) is { } stuck)
        {
            return new Verdict(Phase.Waiting, Reasons.WaitingForBudget, $"{Progress(scene, target)}; {stuck.Words}")
            {
                WaitingFor = stuck.Waiting,
            };
        }

        var minute = turn.IsHeld ? Minute.Says(scene) : "";
        return new Verdict(Phase.Progressing, Reasons.Progressing, $"{Progress(scene, target)}{minute}{Unread(scene)}");
    }

    /// <summary>In words, that the list of deployments may lack rows; empty when it does not.</summary>
    private static string Unread(Scene scene)
    {
        var unread = scene.Fleet.Devices.Count(device => device.Standing.State == DeviceState.Unknown);
        return unread == 0
            ? ""
            : $"; Losant's list may lack rows of {Names.Count(unread)}, no step passes until it is whole";
    }

    private static Verdict Soaking(Scene scene, IReadOnlyList<Device> target)
    {
        var until = scene.Memory.Step.SoakUntil is { } end ? Line.Of(end) : "";
        return new Verdict(Phase.Soaking, Reasons.Soaking, $"{Progress(scene, target)}; soaking until {until}");
    }

    private static Notice Passed(Scene scene) =>
        Share.IsEmpty(scene.Fleet, scene.Steps, scene.Memory.Step.Index)
            ? new Notice("StepSkipped", $"{Title(scene)} was skipped: no eligible device belongs to it", true)
            : new Notice("StepPassed", Progress(scene, scene.Target.Devices));

    private static Walk NoDevices(Scene scene) =>
        new(
            scene.Memory,
            [],
            [],
            new Verdict(
                Phase.Waiting,
                Reasons.NoDevices,
                scene.Fleet.Matched == 0
                    ? "no device matches: check deviceTags, deviceTagExpressions and deviceIds"
                    : $"none of {scene.Fleet.Matched} matching devices may be moved: {Outside(scene)}"
            )
            {
                WaitingFor = new WaitingFor { Kind = WaitingKind.Devices },
            }
        );

    /// <summary>Why devices are not eligible, with numbers.</summary>
    private static string Outside(Scene scene)
    {
        var states = scene
            .Fleet.Devices.Select(device => device.Standing.State)
            .CountBy(state => state)
            .Where(count => count.Key != DeviceState.Left)
            .OrderBy(count => count.Key)
            .Select(count => $"{count.Value} {count.Key.ToString().ToLowerInvariant()}");
        string[] where =
        [
            scene.Fleet.Excluded.Count > 0 ? "status.plan.excluded" : "",
            Has(DeviceState.Conflicted) ? $"the condition {ConditionTypes.Conflicted}" : "",
            Has(DeviceState.Drifted) ? $"the condition {ConditionTypes.DriftDetected}" : "",
        ];
        var see = string.Join(" and ", where.Where(place => place.Length > 0));
        return $"{string.Join(", ", states)}{(see.Length > 0 ? $"; see {see}" : "")}";

        bool Has(DeviceState state) => scene.Fleet.Devices.Any(device => device.Standing.State == state);
    }

    /// <summary>As <c>step 2 of 3 half: 12 of 30 updated, 3 updating, 0 failed, 2 lost</c>.</summary>
    public static string Progress(Scene scene, IReadOnlyList<Device> target)
    {
        var lost = Number(DeviceState.Lost) is > 0 and var dark ? $", {dark} lost" : "";
        var offline = Number(DeviceState.Deferred) is > 0 and var away ? $", {away} offline" : "";
        return $"{Title(scene)}: {Number(DeviceState.Updated)} of {target.Count} updated, "
            + $"{Number(DeviceState.Updating)} updating, {Number(DeviceState.Failed)} failed{lost}{offline}";

        int Number(DeviceState state) => target.Count(device => device.Standing.State == state);
    }

    private static string Title(Scene scene)
    {
        var index = Math.Min(scene.Memory.Step.Index, scene.Steps.Count - 1);
        var name = scene.Steps[index].Name;
        var title = $"step {index + 1} of {scene.Steps.Count}";
        return string.IsNullOrEmpty(name) ? title : $"{title} {name}";
    }
}

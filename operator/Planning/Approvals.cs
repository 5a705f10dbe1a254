using System.Security.Cryptography;
using System.Text;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>The gates that a person opens: after which steps they stand, what opens them, and what makes that void
/// (rule 27).</summary>
internal static class Approvals
{
    /// <summary>How an approval begins that was given by annotation; the field manager follows.</summary>
    private const string Annotated = "annotation";

    /// <summary>How an approval begins that is a promotion; the field manager follows.</summary>
    public const string Promotion = "promote";

    /// <summary>Approvals that are remembered.</summary>
    private const int Limit = 10;

    /// <summary>How a token was given; null when it was not.</summary>
    public static string? By(Release wanted, string token) =>
        wanted.Requests.Approve == token ? $"{Annotated}{wanted.Requests.By(Annotations.Approve)}"
        : wanted.Spec.Approve.Contains(token) ? "spec.approve"
        : null;

    /// <summary>The memory with a gate approved.</summary>
    public static Memory With(Scene scene, string token, string by)
    {
        var approval = new Approval
        {
            Token = token,
            Eligible = scene.Fleet.Eligible.Count,
            By = by,
            At = scene.Now,
        };
        var memory = scene.Memory;
        return memory with
        {
            Approvals = [.. memory.Approvals.Append(approval).TakeLast(Limit)],
            Handled = by.StartsWith(Annotated, StringComparison.Ordinal)
                ? memory.Handled with
                {
                    Approve = token,
                }
                : memory.Handled,
        };
    }

    /// <summary>The revision promoted: from now on it skips soaks and the approvals of steps, whatever becomes of the
    /// annotation (F069).</summary>
    public static Memory Promoted(Scene scene)
    {
        var memory = scene.Memory;
        var isAsked = scene.Wanted.Requests.Promote == $"r{memory.Revision}";
        return !isAsked || memory.IsPromoted || memory.Result is not null || memory.Latch is not null
            ? memory
            : With(scene, $"r{memory.Revision}", $"{Promotion}{scene.Wanted.Requests.By(Annotations.Promote)}") with
            {
                Handled = memory.Handled with { Promote = scene.Wanted.Requests.Promote },
            };
    }

    /// <summary>The memory with what people approved of the gates around the step under way.</summary>
    public static Memory Given(Scene scene)
    {
        var index = scene.Memory.Step.Index;
        foreach (var step in Steps(scene).Where(step => step == index || step == Before(scene, index)))
        {
            if (!IsOpen(scene, step) && By(scene.Wanted, TokenOf(scene, step)) is { } by)
            {
                scene = scene with { Memory = With(scene, TokenOf(scene, step), by) };
            }
        }

        return scene.Memory;
    }

    /// <summary>The memory with the gate that a person was asked for opened by a raised percentage.</summary>
    public static Memory Raised(Scene scene) =>
        scene.Memory.Step.Asked is { } token && !IsKnown(scene.Memory, token)
            ? With(scene, token, "rolloutPercentage")
            : scene.Memory;

    /// <summary>Whether a step may be followed by the next one.</summary>
    public static bool IsOpen(Scene scene, int step) =>
        scene.Memory.IsPromoted || !Steps(scene).Contains(step) || IsKnown(scene.Memory, TokenOf(scene, step));

    /// <summary>The walk held at the gate after a step: nothing moves, and a person is asked.</summary>
    public static Walk Asking(Scene scene, int step, Walk walk) =>
        Asking(scene, walk, $"after step {step + 1} {scene.Steps[step].Name}", TokenOf(scene, step));

    /// <summary>The walk held at a gate: nothing moves, and a person is asked.</summary>
    public static Walk Asking(Scene scene, Walk walk, string what, string token)
    {
        var raise = scene.Wanted.Percentage < 100 ? ", or raise rolloutPercentage," : "";
        var message =
            $"{Walk.Progress(scene, walk.Target)}; waits for approval {what}: add {token} to spec.approve or "
            + $"annotate {Annotations.Approve}={token}{raise} to go on";
        return walk with
        {
            Memory = walk.Memory with { Step = walk.Memory.Step with { Asked = token } },
            Forward = [],
            Verdict = new Verdict(Phase.Waiting, Reasons.WaitingForApproval, message)
            {
                WaitingFor = new WaitingFor { Kind = WaitingKind.Approval, Token = token },
            },
        };
    }

    /// <summary>A walk that would move devices behind a gate whose approval became void is held there.</summary>
    public static Walk Held(Scene scene, Walk walk)
    {
        scene = scene with { Memory = walk.Memory };
        var step = Before(scene, walk.Memory.Step.Index);
        return walk.Forward.Count == 0 || walk.Memory.IsFinished || step < 0 || IsOpen(scene, step)
            ? walk
            : Asking(scene, step, walk);
    }

    /// <summary>The last gate before a step; -1 when there is none.</summary>
    private static int Before(Scene scene, int step) => Steps(scene).LastOrDefault(gate => gate < step, -1);

    /// <summary>The steps with a gate after them: not the last, nor one that the ceiling makes the last or that is
    /// skipped.</summary>
    private static List<int> Steps(Scene scene)
    {
        var steps = scene.Steps;
        var asked = Enumerable.Range(0, steps.Count - 1).Where(step => steps[step].Approval).ToList();
        if (asked.Count == 0)
        {
            return asked;
        }

        var capped = Share.FirstCapped(scene.Fleet, steps, scene.Wanted.Percentage);
        return asked.FindAll(step =>
            step < capped
            && !(step == capped - 1 && Share.IsLast(scene.Fleet, scene.Wanted, steps, step))
            && !Share.IsEmpty(scene.Fleet, steps, step)
        );
    }

    /// <summary>Whether a token was given.</summary>
    public static bool IsKnown(Memory memory, string token) =>
        memory.Approvals.Any(approval => approval.Token == token);

    private static string TokenOf(Scene scene, int step) => Token(scene, $"s{step + 1}");

    /// <summary>What opens a gate. An approval of far fewer devices than there are now is void, so that another token is
    /// asked for.</summary>
    public static string Token(Scene scene, string gate)
    {
        var wanted = scene.Wanted;
        gate = $"r{scene.Memory.Revision}-{gate}";
        var text = $"{wanted.Uid}\n{gate}\n{wanted.FlowVersionId}\n{Text(wanted)}";
        while (true)
        {
            var token = $"{gate}-{Hash(text)}";
            if (!scene.Memory.Approvals.Any(given => given.Token == token && IsOutgrown(scene, given)))
            {
                return token;
            }

            text = $"{text}\n{token}";
        }
    }

    private static bool IsOutgrown(Scene scene, Approval given) =>
        scene.Fleet.Eligible.Count * 10L > given.Eligible * 11L;

    /// <summary>What a person approves: which devices, in which steps.</summary>
    private static string Text(Release wanted)
    {
        var spec = wanted.Spec;
        var text = new StringBuilder();
        text.AppendLine(Tags(spec.DeviceTags)).AppendLine(Tags(spec.Exclude.DeviceTags));
        text.AppendJoin(' ', spec.DeviceIds.Order(StringComparer.Ordinal)).AppendLine();
        text.AppendJoin(' ', spec.Exclude.DeviceIds.Order(StringComparer.Ordinal)).AppendLine();
        text.Append(spec.AllDevices).AppendLine();
        foreach (var expression in spec.DeviceTagExpressions)
        {
            text.Append(expression.Key).Append(expression.Operator).AppendJoin('|', expression.Values).AppendLine();
        }

        foreach (var step in wanted.Steps)
        {
            text.Append(step.Name).Append('|').Append(step.Count).Append('|').Append(step.Percentage).Append('|');
            text.Append(step.All).Append('|').Append(step.Soak).Append('|').Append(step.Approval).Append('|');
            text.AppendLine(step.DeviceTags is { } tags ? Tags(tags) : "");
        }

        return text.ToString();
    }

    private static string Tags(IReadOnlyDictionary<string, string> tags) =>
        string.Join('&', tags.OrderBy(tag => tag.Key, StringComparer.Ordinal).Select(tag => $"{tag.Key}={tag.Value}"));

    private static string Hash(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..6];
}

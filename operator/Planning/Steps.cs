using System.Security.Cryptography;
using System.Text;
using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Which step counts: the high-water mark, brought in line with an edited spec (F012, F027, F084).</summary>
internal static class Steps
{
    /// <summary>The memory with the step that the spec as it is now leads to.</summary>
    public static Memory Aligned(Scene scene)
    {
        var memory = Edited(scene);
        return Raised(scene with { Memory = memory });
    }

    /// <summary>The mark of the next step.</summary>
    public static StepMark After(Scene scene, int next)
    {
        var size = Share.Size(scene.Fleet, scene.Wanted, scene.Steps, scene.Memory.Step.Index);
        return scene.Memory.Step with
        {
            Index = next,
            StartedAt = scene.Now,
            SoakingSince = null,
            SoakUntil = null,
            Asked = null,
            Reached = Math.Max(size, scene.Memory.Step.Reached),
        };
    }

    private static Memory Edited(Scene scene)
    {
        var memory = scene.Memory;
        var hash = Hash(scene.Wanted.Steps);
        if (memory.Step.StepsHash == hash)
        {
            return memory;
        }

        if (memory.Step.StepsHash is null)
        {
            return memory with { FastLane = IsFastLane(scene), Step = memory.Step with { StepsHash = hash } };
        }

        var index = Enumerable
            .Range(0, scene.Steps.Count)
            .FirstOrDefault(
                index => Share.Size(scene.Fleet, scene.Wanted, scene.Steps, index) > memory.Step.Reached,
                scene.Steps.Count
            );
        var isOver = index == scene.Steps.Count || memory.Result == RevisionResult.Complete;
        return memory with
        {
            Result = null,
            Step = memory.Step with
            {
                Index = isOver && memory.IsFinished ? scene.Steps.Count : Math.Min(index, scene.Steps.Count - 1),
                SoakingSince = null,
                SoakUntil = null,
                StepsHash = hash,
            },
        };
    }

    private static Memory Raised(Scene scene)
    {
        var memory = scene.Memory;
        if (scene.Wanted.Percentage <= memory.AppliedPercentage)
        {
            return memory;
        }

        var capped = Share.FirstCapped(scene.Fleet, scene.Steps, memory.AppliedPercentage);
        var isExtended = capped <= memory.Step.Index;
        return Approvals.Raised(scene) with
        {
            AppliedPercentage = scene.Wanted.Percentage,
            Result = null,
            Step = isExtended
                ? memory.Step with
                {
                    Index = capped,
                    SoakingSince = null,
                    SoakUntil = null,
                }
                : memory.Step,
        };
    }

    /// <summary>Whether nearly all devices to move ran the version before (rule 22).</summary>
    private static bool IsFastLane(Scene scene)
    {
        var toMove = scene
            .Fleet.Eligible.Where(device => device.Standing.State != DeviceState.Updated)
            .Select(device => device.Id)
            .ToList();
        var returning = toMove.Count(id =>
            scene.Memory.Rows.TryGetValue(id, out var row)
            && row is { Last: not null, Closed: not LedgerRow.HasReturned }
            && row.Previous == scene.Wanted.Version
        );
        return scene.Wanted.Version is not null && returning > 0 && returning * 10L >= toMove.Count * 9L;
    }

    private static string Hash(IReadOnlyList<RolloutStep> steps)
    {
        var text = new StringBuilder();
        foreach (var step in steps)
        {
            text.Append(step.Count).Append('|').Append(step.Percentage).Append('|').Append(step.All).Append('|');
            foreach (
                var tag in (step.DeviceTags ?? new Dictionary<string, string>()).OrderBy(
                    tag => tag.Key,
                    StringComparer.Ordinal
                )
            )
            {
                text.Append(tag.Key).Append('=').Append(tag.Value).Append('|');
            }

            text.Append('\n');
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..8];
    }
}

using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What people asked of a revision by annotation: a line for each, with its value and who set it (F076).</summary>
internal static class Acts
{
    /// <summary>Lines that are remembered of a revision.</summary>
    private const int Most = 10;

    /// <summary>Characters of a line.</summary>
    private const int Longest = 160;

    /// <summary>The memory with what this pass did because a person asked for it, also where the revision has
    /// ended.</summary>
    public static Memory Noted(Memory before, Memory after, Release wanted, DateTimeOffset now)
    {
        var lines = Lines(before.Handled, after.Handled, wanted)
            .Select(line => Line.Of($"{Line.Of(now)} {line}", Longest))
            .ToList();
        if (lines.Count == 0)
        {
            return after;
        }

        var acts = after.Acts.Concat(lines).TakeLast(Most).ToList();
        return after with
        {
            Acts = acts,
            Handled = after.Handled with { Paused = wanted.PausedBecause },
            History =
            [
                .. after.History.Select(past => past.Revision == after.Revision ? past with { Acts = acts } : past),
            ],
        };
    }

    /// <summary>That a pause by annotation began or ended.</summary>
    public static IEnumerable<Notice> Paused(Memory before, Release wanted)
    {
        if (wanted.PausedBecause is { } why && why != before.Handled.Paused)
        {
            yield return new Notice(Reasons.Paused, $"paused: {Said(Annotations.Paused, why, wanted.Requests)}");
        }
        else if (wanted.PausedBecause is null && before.Handled.Paused is not null)
        {
            yield return new Notice("Resumed", $"the annotation {Annotations.Paused} was taken off");
        }
    }

    private static IEnumerable<string> Lines(HandledRequests before, HandledRequests after, Release wanted)
    {
        (string Annotation, string? Before, string? After)[] asked =
        [
            (Annotations.Retry, before.Retry, after.Retry),
            (Annotations.Approve, before.Approve, after.Approve),
            (Annotations.Promote, before.Promote, after.Promote),
            (Annotations.Paused, before.Paused, wanted.PausedBecause),
            (Annotations.Abort, before.Abort, after.Abort),
        ];
        return asked
            .Where(each => each.Before != each.After)
            .Select(each =>
                each.After is { } value
                    ? Said(each.Annotation, value, wanted.Requests)
                    : $"{each.Annotation} was taken off"
            );
    }

    private static string Said(string annotation, string value, Requests requests) =>
        $"{annotation}={value}{requests.By(annotation)}";
}

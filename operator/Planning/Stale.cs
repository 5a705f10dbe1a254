using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Requests that mean another revision than the present one: they do nothing, and the message says so (F077).</summary>
internal static class Stale
{
    /// <summary>The plan with what is ignored named in its message.</summary>
    public static Plan Named(Release wanted, Plan plan)
    {
        var (requests, handled) = (wanted.Requests, plan.Memory.Handled);
        var now = plan.Memory.Revision;
        var ignored = new[]
        {
            Ignored(Annotations.Abort, requests.Abort, handled.Abort, now),
            Ignored(Annotations.Retry, requests.Retry, handled.Retry, now),
        }
            .OfType<string>()
            .ToList();
        return ignored.Count == 0
            ? plan
            : plan with
            {
                Verdict = plan.Verdict with { Message = $"{plan.Verdict.Message}; {string.Join(", ", ignored)}" },
            };
    }

    private static string? Ignored(string annotation, string? value, string? handled, int revision) =>
        value is null || value == handled || value == $"r{revision}"
            ? null
            : $"{annotation}={Line.Of(value, 32)} is ignored: "
                + (revision == 0 ? "there is no revision yet" : $"the revision is r{revision}");
}

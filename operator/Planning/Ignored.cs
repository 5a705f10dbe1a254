using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Requests that mean another gate or revision than the present one: they do nothing and are named (F077).</summary>
internal static class Ignored
{
    /// <summary>The verdict with those requests named.</summary>
    public static Verdict Named(Release wanted, Memory memory, Verdict verdict)
    {
        var said = In(wanted, memory, verdict).ToList();
        return said.Count == 0 ? verdict : verdict with { Message = $"{verdict.Message}; {string.Join("; ", said)}" };
    }

    private static IEnumerable<string> In(Release wanted, Memory memory, Verdict verdict)
    {
        var known = memory.Approvals.Select(approval => approval.Token).Append(memory.Handled.Approve).ToHashSet();
        var token = verdict.WaitingFor?.Token ?? memory.Step.Asked ?? memory.Pause?.Token;
        if (wanted.Requests.Approve is { } approve && approve != token && !known.Contains(approve))
        {
            yield return $"{Annotations.Approve}={Short(approve)} is ignored: no gate waits for it";
        }

        var isWaiting = verdict.WaitingFor is { Token: not null };
        var given = wanted.Spec.Approve.FirstOrDefault(given =>
            given != token
            && !known.Contains(given)
            && given.StartsWith($"r{memory.Revision}-", StringComparison.Ordinal)
        );
        if (isWaiting && given is not null)
        {
            yield return $"{Short(given)} in spec.approve is ignored: no gate waits for it";
        }

        var promote = wanted.Requests.Promote;
        if (promote is not null && promote != $"r{memory.Revision}" && promote != memory.Handled.Promote)
        {
            yield return $"{Annotations.Promote}={Short(promote)} is ignored: this is r{memory.Revision}";
        }
    }

    private static string Short(string text) => Line.Of(text, 40);
}

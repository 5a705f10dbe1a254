using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I1: no call, forward or back, has more devices of a group away than limits.perGroup allows, nor than the
/// application's guard does.</summary>
internal sealed class GroupJudge(Truth truth)
{
    private readonly Absences _absences = new(truth);

    public void Judge(JudgedCall call)
    {
        if (call.IsOfThisSpec)
        {
            Limit(call, call.Release.Spec.Limits.PerGroup);
        }

        Limit(call, truth.Rails.Guard.PerGroup);
    }

    private void Limit(JudgedCall call, GroupLimitSpec? limit)
    {
        if (limit is null)
        {
            return;
        }

        var groups = new Groups(limit);
        var more = _absences.Taken(call);
        var all = _absences.Others(call).Concat(more).ToList();
        foreach (var group in more.SelectMany(row => Of(groups, row)).Distinct())
        {
            var away = all.Where(row => Of(groups, row).Contains(group)).Select(row => row.Device).ToList();
            Violation.If(
                away.Count > limit.MaxUnavailable,
                "I1",
                $"{away.Count} of {group} away at {truth.Now:HH:mm:ss}: {string.Join(", ", away)}"
            );
        }
    }

    private IReadOnlyList<string> Of(Groups groups, LedgerRow row) => groups.Of(Truth.Seen(truth.Device(row.Device)));
}

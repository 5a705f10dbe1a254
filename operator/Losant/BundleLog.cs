using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>What the log of a microcontroller's bundle says of one of its flows, in the terms of a gateway's row.</summary>
/// <remarks>
/// Losant builds a bundle for each change of any flow, of the globals and of the device. What a device says of a bundle
/// is said of the flow that it was built for, and of no other:
/// <code>
/// built b1 for flow F -- loaded b1 -- built b2 for globals -- b2 failed
///   F: told at the first, runs since the second; the rest was not its doing
/// </code>
/// </remarks>
internal sealed class BundleLog(IReadOnlyList<BundleEntry> newestFirst)
{
    /// <summary>The row of a flow.</summary>
    /// <param name="flow">The flow.</param>
    /// <param name="seen">The device's row with its bundle and nothing of a flow.</param>
    /// <param name="versions">The device's flows.</param>
    public DeploymentRow RowOf(
        DeviceId flow,
        in DeploymentRow seen,
        IReadOnlyDictionary<DeviceId, FlowVersions> versions
    )
    {
        var has = versions.GetValueOrDefault(flow);
        var built = newestFirst.FirstOrDefault(entry => entry.IsBuild);
        var own = newestFirst.FirstOrDefault(entry =>
            entry.IsBuild && (entry.Flow == flow || entry.UpdateType == "clear")
        );
        var isAlone =
            has.Current != has.Desired
            && versions.All(other => other.Key == flow || other.Value.Current == other.Value.Desired);
        var reports = newestFirst
            .Where(entry =>
                !entry.IsBuild && (own is null ? isAlone : entry.Bundle == own.Bundle && entry.At >= own.At)
            )
            .ToList();
        var newest = reports.FirstOrDefault();
        var other = newestFirst.FirstOrDefault(entry => !entry.IsBuild);
        return seen with
        {
            Current = has.Current,
            Desired = has.Desired,
            LastDesired = own is null ? null : new DesiredEntry(own.At, own.Version, own.SourceType, own.SourceId),
            LastCurrent =
                newest is not null ? Said(newest, own is null ? has.Desired : own.Version, has.Current, Before(reports))
                : other is null ? null
                : new CurrentEntry(other.At, has.Current, null, null, null),
            Bundle = seen.Bundle! with
            {
                Rebuilt =
                    built is null || ReferenceEquals(built, own)
                        ? null
                        : new BundleChange(built.At, built.UpdateType, built.Flow),
            },
        };
    }

    private static CurrentEntry Said(
        BundleEntry entry,
        string? told,
        string? runs,
        (DateTimeOffset? FourthAt, DateTimeOffset? RanAt) before
    ) =>
        entry.Error is { } error
            ? new CurrentEntry(entry.At, null, error, told, null) { FourthAt = before.FourthAt, RanAt = before.RanAt }
            : new CurrentEntry(entry.At, runs, null, null, null) { FourthAt = before.FourthAt };

    private static (DateTimeOffset? FourthAt, DateTimeOffset? RanAt) Before(List<BundleEntry> entries)
    {
        var reports = new Reports(stackalloc Report[Reports.Most]);
        foreach (var entry in entries)
        {
            reports.Add(new Report(entry.At, entry.Error is not null));
        }

        return (reports.FourthChange, reports.RanAt);
    }
}

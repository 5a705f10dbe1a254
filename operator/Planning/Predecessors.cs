using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>What the devices of a release go back to, should it fail (rule 9).</summary>
public static class Predecessors
{
    /// <summary>So many versions are looked for in Losant, the most frequent ones.</summary>
    public const int Most = 20;

    /// <summary>The versions that eligible devices go back to, most frequent first; none once the release has ended.</summary>
    /// <param name="plan">The plan.</param>
    public static IReadOnlyList<string> Of(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return plan.Scene is not { Memory.IsFinished: false } scene
            ? []
            :
            [
                .. scene
                    .Fleet.Eligible.Select(Of)
                    .OfType<string>()
                    .Where(version => version != scene.Wanted.Version)
                    .CountBy(version => version, StringComparer.Ordinal)
                    .OrderByDescending(count => count.Value)
                    .ThenBy(count => count.Key, StringComparer.Ordinal)
                    .Take(Most)
                    .Select(count => count.Key),
            ];
    }

    /// <summary>That devices go back to versions which Losant no longer has, in words; null when none do (rule 41).</summary>
    internal static string? Gone(Scene scene)
    {
        var devices = scene.Gone.Count == 0 ? 0 : scene.Fleet.Eligible.Count(device => scene.Gone.Contains(Of(device)));
        return devices == 0
            ? null
            : $"{Names.Count(devices)} could not be sent back, because Losant no longer has the version that ran before: "
                + $"{string.Join(", ", scene.Gone)}; publish it again under its name, or take those devices out by spec.exclude";
    }

    /// <summary>Up to date or in error: what it runs. On its way by others: what they want. No row: nothing.</summary>
    internal static (string? Version, string? Etag) Of(DeploymentRow? deployment)
    {
        if (deployment is not { } row)
        {
            return (null, null);
        }

        var isUpToDate = row.Current == row.Desired;
        var isInError =
            row.LastCurrent is { Error: not null } error
            && error.Attempted == row.Desired
            && (row.LastDesired is null || error.At >= row.LastDesired.At);
        return isUpToDate || isInError ? (row.Current, row.CurrentEtag) : (row.Desired, row.DesiredEtag);
    }

    private static string? Of(Device device) =>
        device.Row is { Last: not null } row ? row.Previous : Of(device.Deployment).Version;
}

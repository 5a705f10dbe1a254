using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>One observation as one release sees it: its devices with where each stands, by rank.</summary>
public sealed record Fleet
{
    /// <summary>Every device that the release matches or has moved, by rank.</summary>
    public required IReadOnlyList<Device> Devices { get; init; }

    /// <summary>Those inside the denominator of every percentage, by rank.</summary>
    public required IReadOnlyList<Device> Eligible { get; init; }

    /// <summary>Devices that the selectors match.</summary>
    public required int Matched { get; init; }

    /// <summary>Matched devices that may not be moved, by reason.</summary>
    public required IReadOnlyDictionary<string, int> Excluded { get; init; }

    /// <summary>Ids of the spec that Losant does not list.</summary>
    public required IReadOnlyList<DeviceId> UnknownIds { get; init; }

    /// <summary>Devices by the version they run: its name, or an empty text for none.</summary>
    public required IReadOnlyDictionary<string, int> Versions { get; init; }

    /// <summary>The observation.</summary>
    public required Snapshot Seen { get; init; }

    /// <summary>Losant's clock when the observation began: everything about devices is judged at that time.</summary>
    public DateTimeOffset At => Seen.BeganAt;

    /// <summary>The fleet of a release.</summary>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="memory">What is remembered; its revision is the current one.</param>
    /// <param name="seen">What was observed.</param>
    public static Fleet Of(Release wanted, Memory memory, Snapshot seen)
    {
        var census = new Census(wanted, memory, seen);
        List<Device> devices = [.. seen.Devices.Select(row => census.Device(row)).OfType<Device>()];
        devices.Sort((one, other) => one.Rank.CompareTo(other.Rank));
        return new Fleet
        {
            Devices = devices,
            Eligible = devices.FindAll(device => device.IsEligible),
            Matched = census.Matched,
            Excluded = Count(
                devices
                    .Where(device => device.Standing.State == DeviceState.Excluded)
                    .Select(device => device.Standing.Reason)
            ),
            UnknownIds = census.UnknownIds(),
            Versions = Count(
                devices.Where(device => device.IsEligible).Select(device => device.Deployment?.Current ?? "")
            ),
            Seen = seen,
        };
    }

    private static SortedDictionary<string, int> Count(IEnumerable<string> words)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var word in words)
        {
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        return counts;
    }
}

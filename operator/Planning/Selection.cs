using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Which devices a release means. Tags and expressions are ANDed; ids are added to what they match.</summary>
/// <param name="spec">The spec that names them.</param>
public sealed class Selection(EdgeReleaseSpec spec)
{
    private readonly HashSet<DeviceId> _excluded = [.. spec.Exclude.DeviceIds.Select(DeviceId.Parse)];

    /// <summary>Tags that its application's guard asks for.</summary>
    public IReadOnlyDictionary<string, string> Guard { get; init; } = new Dictionary<string, string>();

    /// <summary>The devices named one by one.</summary>
    public IReadOnlySet<DeviceId> Ids { get; } = spec.DeviceIds.Select(DeviceId.Parse).ToHashSet();

    /// <summary>Whether the release holds the device: named, not excluded, and within the guard.</summary>
    /// <param name="device">The device.</param>
    public bool Claims(in DeviceRow device) => Matches(device) && !Excludes(device) && HasAll(device.Tags, Guard);

    /// <summary>Whether the selection names the device, exclusions aside. An empty selection names none.</summary>
    /// <param name="device">The device.</param>
    public bool Matches(in DeviceRow device)
    {
        if (spec.AllDevices || Ids.Contains(device.Id))
        {
            return true;
        }

        var tags = device.Tags;
        return (spec.DeviceTags.Count > 0 || spec.DeviceTagExpressions.Count > 0)
            && HasAll(tags, spec.DeviceTags)
            && spec.DeviceTagExpressions.All(expression => Meets(tags, expression));
    }

    /// <summary>Whether the device is taken out; wins over every match.</summary>
    /// <param name="device">The device.</param>
    public bool Excludes(in DeviceRow device) =>
        _excluded.Contains(device.Id)
        || (spec.Exclude.DeviceTags.Count > 0 && HasAll(device.Tags, spec.Exclude.DeviceTags));

    /// <summary>Whether the tags have every wanted pair; a key may have several values.</summary>
    /// <param name="tags">A device's tags.</param>
    /// <param name="wanted">The pairs.</param>
    public static bool HasAll(TagSet tags, IReadOnlyDictionary<string, string> wanted) =>
        wanted.All(pair => tags.Has(pair.Key, pair.Value));

    private static bool Meets(TagSet tags, TagExpression expression) =>
        expression.Operator switch
        {
            TagOperator.In => expression.Values.Any(value => tags.Has(expression.Key, value)),
            TagOperator.NotIn => !expression.Values.Any(value => tags.Has(expression.Key, value)),
            TagOperator.Exists => tags.Has(expression.Key),
            _ => !tags.Has(expression.Key),
        };
}

namespace EdgeRelease.Observation;

/// <summary>What kind of machine a device is, as far as a release cares.</summary>
public enum DeviceClass
{
    /// <summary>Any class that runs no edge or embedded flow.</summary>
    Other,

    /// <summary>Losant's <c>edgeCompute</c>: a gateway with the Gateway Edge Agent.</summary>
    EdgeCompute,

    /// <summary>Losant's <c>embedded</c>: a microcontroller with the Embedded Edge Agent.</summary>
    Embedded,
}

/// <summary>One device as Losant lists it.</summary>
/// <param name="Id">The device's id.</param>
/// <param name="Class">What kind of machine it is.</param>
/// <param name="AgentVersion">The version that its agent last reported, <c>x.y.z</c>; null when it never did.</param>
/// <param name="Tags">Its tags; a key may stand more than once.</param>
/// <param name="Connected">Whether it is connected now; never connected is not connected.</param>
/// <param name="ConnectionAt">When it last connected or disconnected, by Losant's clock; null when never.</param>
public readonly record struct DeviceRow(
    DeviceId Id,
    DeviceClass Class,
    string? AgentVersion,
    TagSet Tags,
    bool Connected,
    DateTimeOffset? ConnectionAt
);

/// <summary>A device's tags, in the order of Losant. Equal sets of one snapshot are one object.</summary>
/// <param name="Pairs">The tags; a key may stand more than once with different values.</param>
public sealed record TagSet(IReadOnlyList<KeyValuePair<string, string>> Pairs)
{
    /// <summary>No tags.</summary>
    public static readonly TagSet Empty = new([]);

    /// <summary>Whether any tag has this key.</summary>
    /// <param name="key">The key, compared exactly.</param>
    public bool Has(string key) => Pairs.Any(tag => tag.Key == key);

    /// <summary>Whether any tag has this key and this value.</summary>
    /// <param name="key">The key, compared exactly.</param>
    /// <param name="value">The value, compared exactly.</param>
    public bool Has(string key, string value) => Pairs.Any(tag => tag.Key == key && tag.Value == value);

    /// <summary>The first value of a key; null when the device lacks it.</summary>
    /// <param name="key">The key, compared exactly.</param>
    public string? First(string key) => Pairs.Where(tag => tag.Key == key).Select(tag => tag.Value).FirstOrDefault();
}

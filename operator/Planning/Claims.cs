using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>What decides whose device it is when several releases of one flow of one application name it (rule 28).</summary>
public sealed record Claim
{
    /// <summary>The release's namespace and name.</summary>
    public required string Name { get; init; }

    /// <summary>The release's uid: the last word between equals.</summary>
    public required string Uid { get; init; }

    /// <summary>Its <c>policy.priority</c>; the higher one wins.</summary>
    public required int Priority { get; init; }

    /// <summary>When it was created: of equal priority the older one wins; null counts as latest.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Whether it claims anything: it is valid, manages its devices and is not being deleted.</summary>
    public required bool IsMade { get; init; }

    /// <summary>The devices that it names and does not exclude, whatever its percentage.</summary>
    public required Selection Selection { get; init; }

    /// <summary>The generation of the spec that the claim was read from.</summary>
    public long Generation { get; init; }

    /// <summary>The other claims on the same flow as one release meets them, strongest first. A release that claims
    /// nothing itself is weaker than all.</summary>
    /// <param name="others">The claims of all other releases of the flow.</param>
    public IReadOnlyList<Rival> Against(IEnumerable<Claim> others) =>
        [
            .. others
                .Where(other => other.IsMade)
                .OrderByDescending(other => other.Priority)
                .ThenBy(other => other.CreatedAt ?? DateTimeOffset.MaxValue)
                .ThenBy(other => other.Uid, StringComparer.Ordinal)
                .Select(other => new Rival(other.Name, other.Selection)
                {
                    IsWeaker = IsMade && Beats(other),
                    Mark = $"{other.Uid}/{other.Generation}",
                }),
        ];

    private bool Beats(Claim other)
    {
        if (Priority != other.Priority)
        {
            return Priority > other.Priority;
        }

        var (mine, theirs) = (CreatedAt ?? DateTimeOffset.MaxValue, other.CreatedAt ?? DateTimeOffset.MaxValue);
        return mine != theirs ? mine < theirs : string.CompareOrdinal(Uid, other.Uid) < 0;
    }
}

/// <summary>Another release that claims devices of the same flow.</summary>
/// <param name="Name">Its namespace and name.</param>
/// <param name="Selection">Which devices it claims.</param>
public sealed record Rival(string Name, Selection Selection)
{
    /// <summary>Whether it leaves to us what both of us claim.</summary>
    public bool IsWeaker { get; init; }

    /// <summary>The object and the generation that the claim was read from.</summary>
    public string Mark { get; init; } = "";

    /// <summary>Whether the device is the rival's: by the stronger claim, or because we claim it no longer.</summary>
    /// <param name="device">The device.</param>
    /// <param name="isClaimed">Whether our own selection claims it.</param>
    public bool Owns(in DeviceRow device, bool isClaimed) => !(IsWeaker && isClaimed) && Selection.Claims(device);
}

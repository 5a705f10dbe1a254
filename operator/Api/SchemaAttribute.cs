namespace EdgeRelease.Api;

/// <summary>What the CRD's schema says of a property beyond its type, default and description. The API server and the
/// operator enforce the same.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemaAttribute : Attribute
{
    /// <summary>Whether the member must be present. Default false.</summary>
    public bool Required { get; init; }

    /// <summary>A regular expression of RE2 that a text must match; for an int-or-percent its text form. Null: none.</summary>
    public string? Pattern { get; init; }

    /// <summary>An OpenAPI format, as <c>byte</c>. Null: that of the type.</summary>
    public string? Format { get; init; }

    /// <summary>Least characters of a text; -1: no limit.</summary>
    public int MinLength { get; init; } = -1;

    /// <summary>Most characters of a text; -1: no limit.</summary>
    public int MaxLength { get; init; } = -1;

    /// <summary>Least number; <see cref="long.MinValue"/>: no limit.</summary>
    public long Minimum { get; init; } = long.MinValue;

    /// <summary>Most number; <see cref="long.MaxValue"/>: no limit.</summary>
    public long Maximum { get; init; } = long.MaxValue;

    /// <summary>Most entries of a list; -1: no limit.</summary>
    public int MaxItems { get; init; } = -1;

    /// <summary>Least entries of a map; -1: no limit.</summary>
    public int MinProperties { get; init; } = -1;

    /// <summary>Most entries of a map; -1: no limit.</summary>
    public int MaxProperties { get; init; } = -1;

    /// <summary>A regular expression of RE2 that each text of a list or map must match. Null: none.</summary>
    public string? ItemPattern { get; init; }

    /// <summary>Least characters of each text of a list or map; -1: no limit.</summary>
    public int ItemMinLength { get; init; } = -1;

    /// <summary>Most characters of each text of a list or map; -1: no limit.</summary>
    public int ItemMaxLength { get; init; } = -1;

    /// <summary>How server-side apply merges a list: atomic, set or map. Default atomic.</summary>
    public string ListType { get; init; } = "atomic";

    /// <summary>The member that tells the entries of a list of type map apart. Null for other lists.</summary>
    public string? MapKey { get; init; }
}

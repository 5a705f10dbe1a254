using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The shapes of bodies and structured parameters. Source: Losant's published schemas, API 1.30.</summary>
internal static class Shapes
{
    private static readonly Shape Name = new() { Kinds = [JsonValueKind.String], Length = (1, 255) };

    private static readonly Shape NullableName = Name with { Kinds = [JsonValueKind.String, JsonValueKind.Null] };

    private static readonly Shape NullableObjectId = Shape.ObjectId with
    {
        Kinds = [JsonValueKind.String, JsonValueKind.Null],
    };

    private static readonly Shape TagKey = new() { Kinds = [JsonValueKind.String], Matches = IsTagKey };

    /// <summary>A tag condition: a key, a value, or both.</summary>
    private static readonly Shape Tag = Body([], ("key", TagKey), ("value", Name));

    /// <summary>deviceTagFilter, and deviceTags of a release.</summary>
    public static readonly Shape Tags = new()
    {
        Kinds = [JsonValueKind.Array],
        Count = (0, 100),
        Items = () => Tag,
    };

    private static readonly Shape Ids = new()
    {
        Kinds = [JsonValueKind.Array],
        Count = (0, 1000),
        Items = () => Shape.ObjectId,
    };

    private static readonly Shape DeviceClass = new()
    {
        Kinds = [JsonValueKind.String],
        Values = ["standalone", "gateway", "peripheral", "floating", "edgeCompute", "system", "embedded"],
    };

    /// <summary>deviceClassFilter.</summary>
    public static readonly Shape DeviceClasses = new()
    {
        OneOf = [DeviceClass, new Shape { Kinds = [JsonValueKind.Array], Items = () => DeviceClass }],
    };

    /// <summary>edgeDeploymentRelease.</summary>
    public static readonly Shape Release = Body(
        ["flowId", "version"],
        ("flowId", Shape.ObjectId),
        ("version", NullableName),
        ("deviceIds", Ids),
        ("deviceTags", Tags)
    );

    /// <summary>embeddedDeploymentRelease.</summary>
    public static readonly Shape ReleaseOfBundles = Body(
        ["flowId", "version"],
        ("flowId", Shape.ObjectId),
        ("version", NullableName),
        ("deviceIds", Ids),
        ("deviceTags", Tags),
        ("releaseTag", NullableName)
    );

    private static readonly Shape Flag = new() { Kinds = [JsonValueKind.True] };

    /// <summary>embeddedDeploymentExport.</summary>
    public static readonly Shape Export = Body(
        [],
        ("email", Text(1024) with { Format = ("email", IsEmail) }),
        ("callbackUrl", Text(1024) with { Format = ("uri", IsUri) }),
        ("embeddedDeploymentId", Shape.ObjectId),
        ("deviceId", Shape.ObjectId),
        ("traceLevel", new Shape { Range = (0, 2), IsEnumeration = true }),
        ("stackSize", Number with { Range = (1600, 2147483648) }),
        ("disableDebugMessage", Flag),
        ("debugSymbols", Flag),
        ("exportMemory", Flag),
        ("gzip", Flag)
    );

    /// <summary>edgeDeploymentRemove.</summary>
    public static readonly Shape Remove = Body(
        ["flowId", "deviceId"],
        ("flowId", NullableObjectId),
        ("deviceId", NullableObjectId)
    );

    /// <summary>edgeDeploymentReplace.</summary>
    public static readonly Shape Replace = Body(
        ["flowId", "oldVersion", "newVersion"],
        ("flowId", Shape.ObjectId),
        ("oldVersion", Name),
        ("newVersion", NullableName)
    );

    /// <summary>Whether a text is a tag's key.</summary>
    public static bool IsTagKey(ReadOnlySpan<char> text)
    {
        foreach (var letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('_' or '-'))
            {
                return false;
            }
        }

        return text.Length is >= 1 and <= 255;
    }

    private static Shape Number => new() { Kinds = [JsonValueKind.Number] };

    private static Shape Text(int most) => new() { Kinds = [JsonValueKind.String], Length = (0, most) };

    private static bool IsEmail(ReadOnlySpan<char> text)
    {
        var at = text.IndexOf('@');
        return at > 0 && at < text.Length - 1 && text[(at + 1)..].IndexOf('@') < 0 && text.IndexOf(' ') < 0;
    }

    private static bool IsUri(ReadOnlySpan<char> text) => Uri.TryCreate(text.ToString(), UriKind.Absolute, out _);

    private static Shape Body(string[] required, params (string Name, Shape Shape)[] members) =>
        new()
        {
            Kinds = [JsonValueKind.Object],
            Closed = true,
            Required = required,
            Members = members.ToDictionary(member => member.Name, member => (Func<Shape>)(() => member.Shape)),
        };
}

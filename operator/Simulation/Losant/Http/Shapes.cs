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

    private static Shape Body(string[] required, params (string Name, Shape Shape)[] members) =>
        new()
        {
            Kinds = [JsonValueKind.Object],
            Closed = true,
            Required = required,
            Members = members.ToDictionary(member => member.Name, member => (Func<Shape>)(() => member.Shape)),
        };
}

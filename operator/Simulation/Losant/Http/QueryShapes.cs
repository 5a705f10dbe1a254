using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The shapes of advanced queries. Source: Losant schemas advancedDeviceQuery, advancedFlowQuery and
/// advancedFlowVersionQuery.</summary>
internal static class QueryShapes
{
    private const JsonValueKind Boolean = JsonValueKind.True;

    private static readonly Shape Plain = new()
    {
        Kinds = [JsonValueKind.String, JsonValueKind.Number, Boolean, JsonValueKind.Null],
    };

    private static readonly Shape Text = new() { Kinds = [JsonValueKind.String], Length = (1, int.MaxValue) };

    private static readonly Shape IdOrNull = Shape.ObjectId with { Kinds = [JsonValueKind.String, JsonValueKind.Null] };

    private static readonly Shape Ids = ListOf(Shape.ObjectId);

    private static readonly Shape Values = ListOf(
        new Shape { Kinds = [JsonValueKind.String, JsonValueKind.Number, Boolean] }
    );

    private static readonly Shape Scalar = new()
    {
        OneOf =
        [
            Plain,
            Closed([
                ("$eq", Plain),
                ("$ne", Plain),
                ("$gt", Plain),
                ("$lt", Plain),
                ("$gte", Plain),
                ("$lte", Plain),
                ("$startsWith", Text),
                ("$endsWith", Text),
                ("$contains", Text),
                ("$ci", new Shape { Kinds = [Boolean] }),
                ("$in", Values),
                ("$nin", Values),
            ]),
        ],
    };

    private static readonly Shape Id = new()
    {
        OneOf =
        [
            IdOrNull,
            Closed(
                [
                    ("$eq", IdOrNull),
                    ("$ne", IdOrNull),
                    ("$gt", IdOrNull),
                    ("$lt", IdOrNull),
                    ("$gte", IdOrNull),
                    ("$lte", IdOrNull),
                    ("$in", Ids),
                    ("$nin", Ids),
                ],
                (1, 1)
            ),
        ],
    };

    private static readonly Shape TagText = new()
    {
        OneOf =
        [
            new Shape { Kinds = [JsonValueKind.String, JsonValueKind.Null] },
            Closed([("$in", ListOf(Text)), ("$nin", ListOf(Text))], (1, 1)),
        ],
    };

    private static readonly Shape TagPair = Closed([("$tagKey", TagText), ("$tagValue", TagText)], (1, 2));

    private static readonly Shape TagByKey = new()
    {
        Kinds = [JsonValueKind.Object],
        Closed = true,
        OtherMembers = key => Shapes.IsTagKey(key) ? TagText : null,
    };

    private static readonly Shape Tag = new()
    {
        OneOf = [new Shape { Kinds = [JsonValueKind.Null] }, TagPair, TagByKey],
    };

    private static readonly Shape Tags = new()
    {
        OneOf =
        [
            new Shape { Kinds = [JsonValueKind.Null] },
            TagPair,
            TagByKey,
            Closed([("$eq", Tag)], (1, 1)),
            Closed([("$ne", Tag)], (1, 1)),
        ],
    };

    /// <summary>advancedDeviceQuery.</summary>
    public static readonly Shape Device = Query([
        ("id", Id),
        ("creationDate", Scalar),
        ("lastUpdated", Scalar),
        ("deletedAt", Scalar),
        ("name", Scalar),
        ("deviceClass", Scalar),
        ("gatewayId", Id),
        ("parentId", Id),
        ("ancestorId", Id),
        ("attributeName", Scalar),
        ("experienceUserId", Id),
        ("experienceGroupId", Id),
        ("tags", Tags),
        ("disconnectedAt", Scalar),
        ("connectedAt", Scalar),
        ("connectionStatus", Scalar),
    ]);

    /// <summary>advancedFlowQuery, without triggers.</summary>
    public static readonly Shape Flow = Query([
        ("name", Scalar),
        ("id", Id),
        ("creationDate", Scalar),
        ("lastUpdated", Scalar),
        ("flowClass", Scalar),
        ("enabled", Scalar),
    ]);

    /// <summary>advancedFlowVersionQuery, without triggers.</summary>
    public static readonly Shape Version = Query([
        ("version", Scalar),
        ("id", Id),
        ("creationDate", Scalar),
        ("lastUpdated", Scalar),
        ("enabled", Scalar),
    ]);

    private static Shape Query((string Name, Shape Shape)[] fields)
    {
        Shape query = null!;
        var queries = new Shape
        {
            Kinds = [JsonValueKind.Array],
            Count = (0, 100),
            Items = () => query,
        };
        query = Closed([.. fields, ("$and", queries), ("$or", queries), ("$nor", queries)]);
        return query;
    }

    private static Shape ListOf(Shape item) =>
        new()
        {
            Kinds = [JsonValueKind.Array],
            Count = (0, 100),
            Items = () => item,
        };

    private static Shape Closed((string Name, Shape Shape)[] members, (int Least, int Most)? count = null) =>
        new()
        {
            Kinds = [JsonValueKind.Object],
            Closed = true,
            Count = count ?? (0, int.MaxValue),
            Members = members.ToDictionary(member => member.Name, member => (Func<Shape>)(() => member.Shape)),
        };
}

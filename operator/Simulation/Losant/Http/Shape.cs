using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>What a JSON value must look like, as far as Losant's schemas say it, checked in the order and with the
/// words of the validator that Losant's framework uses.</summary>
internal sealed record Shape
{
    public static readonly Shape ObjectId = new() { Kinds = [JsonValueKind.String], Matches = ObjectIds.IsObjectId };

    /// <summary>The kinds allowed; empty allows all.</summary>
    public JsonValueKind[] Kinds { get; init; } = [];

    public string[] Required { get; init; } = [];

    public string[] Values { get; init; } = [];

    public IReadOnlyDictionary<string, Func<Shape>> Members { get; init; } = new Dictionary<string, Func<Shape>>();

    /// <summary>The shape of members that are not named; null refuses them when <see cref="Closed"/>.</summary>
    public Func<string, Shape?>? OtherMembers { get; init; }

    public bool Closed { get; init; }

    public Func<Shape>? Items { get; init; }

    public TextTest? Matches { get; init; }

    public Shape[] OneOf { get; init; } = [];

    /// <summary>A form that has a name in messages; null for none.</summary>
    public (string Name, TextTest Test)? Format { get; init; }

    /// <summary>The whole numbers allowed; null for any number.</summary>
    public (long Least, long Most)? Range { get; init; }

    /// <summary>Whether the numbers of the range are named one by one.</summary>
    public bool IsEnumeration { get; init; }

    public (int Least, int Most) Length { get; init; } = (0, int.MaxValue);

    public (int Least, int Most) Count { get; init; } = (0, int.MaxValue);

    /// <summary>Whether a text has a form.</summary>
    public delegate bool TextTest(ReadOnlySpan<char> text);

    /// <summary>What is wrong with a value, the path first; null when nothing is.</summary>
    public string? FaultOf(JsonElement value, string path) =>
        Kinds.Length > 0 && !Kinds.Contains(Kind(value)) ? $"{path} is the wrong type"
        : IsEnumeration && value.ValueKind != JsonValueKind.Number ? $"{path} must be an enum value"
        : value.ValueKind == JsonValueKind.Object && FaultOfNames(value, path) is { } names ? names
        : value.ValueKind == JsonValueKind.Array && FaultOfItems(value, path) is { } items ? items
        : value.ValueKind == JsonValueKind.String && FaultOfText(value.GetString()!, path) is { } text ? text
        : value.ValueKind == JsonValueKind.Number && FaultOfNumber(value.GetDouble(), path) is { } number ? number
        : OneOf.Length > 0 && OneOf.Count(shape => shape.FaultOf(value, path) is null) != 1
            ? $"{path} no (or more than one) schemas match"
        : value.ValueKind == JsonValueKind.Object ? FaultOfMembers(value, path)
        : null;

    private string? FaultOfNames(JsonElement value, string path)
    {
        foreach (var name in Required)
        {
            if (!value.TryGetProperty(name, out _))
            {
                return $"{path}.{name} is required";
            }
        }

        var count = 0;
        foreach (var member in value.EnumerateObject())
        {
            count++;
            if (Closed && !Members.ContainsKey(member.Name) && OtherMembers?.Invoke(member.Name) is null)
            {
                return $"{path} has additional properties";
            }
        }

        return count > Count.Most ? $"{path} has more properties than allowed"
            : count < Count.Least ? $"{path} has less properties than allowed"
            : null;
    }

    private string? FaultOfMembers(JsonElement value, string path)
    {
        foreach (var member in value.EnumerateObject())
        {
            var shape = Members.TryGetValue(member.Name, out var named) ? named() : OtherMembers?.Invoke(member.Name);
            if (shape?.FaultOf(member.Value, $"{path}.{member.Name}") is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    private string? FaultOfItems(JsonElement value, string path)
    {
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (Items?.Invoke().FaultOf(item, $"{path}.{index}") is { } fault)
            {
                return fault;
            }

            index++;
        }

        return index > Count.Most ? $"{path} has more items than allowed"
            : index < Count.Least ? $"{path} has less items than allowed"
            : null;
    }

    private string? FaultOfText(string text, string path) =>
        Values.Length > 0 && !Values.Contains(text) ? $"{path} must be an enum value"
        : Format is { } format && !format.Test(text) ? $"{path} must be {format.Name} format"
        : Matches is { } matches && !matches(text) ? $"{path} pattern mismatch"
        : text.Length > Length.Most ? $"{path} has longer length than allowed"
        : text.Length < Length.Least ? $"{path} has less length than allowed"
        : null;

    private string? FaultOfNumber(double number, string path) =>
        Range is not { } range ? null
        : IsEnumeration && (number < range.Least || number > range.Most || number % 1 != 0)
            ? $"{path} must be an enum value"
        : number % 1 != 0 ? $"{path} is the wrong type"
        : number > range.Most ? $"{path} is more than maximum"
        : number < range.Least ? $"{path} is less than minimum"
        : null;

    private static JsonValueKind Kind(JsonElement value) =>
        value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;
}

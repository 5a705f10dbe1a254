using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>The steps that every reader of Losant's JSON takes. Unknown members are passed over, absent ones are null,
/// a member of the wrong type makes the whole answer unreadable.</summary>
internal static class Json
{
    private const int LongestError = 256;

    /// <summary>The bounds of an answer's JSON. Source: the project's limit on depth.</summary>
    public static readonly JsonReaderOptions Bounds = new() { MaxDepth = 64 };

    /// <summary>Steps to the next member's name, from the start of an object or the end of a member.</summary>
    /// <returns>False at the object's end.</returns>
    public static bool NextMember(this ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Steps to the next element, from the start of an array or the end of an element.</summary>
    /// <returns>False at the array's end.</returns>
    public static bool NextElement(this ref Utf8JsonReader json) =>
        json.Read() && json.TokenType != JsonTokenType.EndArray;

    /// <summary>Steps into the value of a member that must be an object or an array, or null.</summary>
    /// <param name="json">At the member's name.</param>
    /// <param name="start">StartObject or StartArray.</param>
    /// <returns>False for null.</returns>
    public static bool Enter(this ref Utf8JsonReader json, JsonTokenType start)
    {
        json.Read();
        return json.TokenType == JsonTokenType.Null ? false
            : json.TokenType == start ? true
            : throw WrongType();
    }

    /// <summary>Requires that the reader stands at an object's start.</summary>
    public static void RequireObject(this ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw WrongType();
        }
    }

    /// <summary>Passes over the value of a member, from its name.</summary>
    public static void Pass(this ref Utf8JsonReader json) => json.Skip();

    /// <summary>The text of a member; null for null.</summary>
    public static string? Text(this ref Utf8JsonReader json, Words words)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.Null => null,
            JsonTokenType.String => words.TextOf(ref json),
            _ => throw WrongType(),
        };
    }

    /// <summary>A device's own words on a failure: on one line, at most 256 characters; null for null.</summary>
    public static string? ErrorText(this ref Utf8JsonReader json, Words words) =>
        json.Text(words) is { } text ? words.TextOf(OneLine.Of(text, LongestError)) : null;

    /// <summary>The id of a member: 24 hexadecimal digits; null for null.</summary>
    public static DeviceId? Id(this ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        Span<char> digits = stackalloc char[24];
        var isId = json.TokenType == JsonTokenType.String && json.ValueSpan.Length == 24 && !json.ValueIsEscaped;
        return isId && json.CopyString(digits) == 24 && DeviceId.TryParse(digits, out var id)
            ? id
            : throw new UnreadableException("an id in the answer is not 24 hexadecimal digits");
    }

    /// <summary>The number of a member, from 0; null for null.</summary>
    public static int? Count(this ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return json.TokenType == JsonTokenType.Number && json.TryGetInt32(out var count) && count >= 0
            ? count
            : throw WrongType();
    }

    /// <summary>The instant of a member, ISO 8601, UTC when it names no offset; null for null.</summary>
    public static DateTimeOffset? Date(this ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (json.TokenType != JsonTokenType.String || !json.TryGetDateTime(out var date))
        {
            throw new UnreadableException("a date in the answer is not ISO 8601");
        }

        return date.Kind == DateTimeKind.Unspecified
            ? new DateTimeOffset(date, TimeSpan.Zero)
            : new DateTimeOffset(date.ToUniversalTime());
    }

    /// <summary>A member has another type than Losant's schema says.</summary>
    public static UnreadableException WrongType() => new("a value in the answer has the wrong type");
}

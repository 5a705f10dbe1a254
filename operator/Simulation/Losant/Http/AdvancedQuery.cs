using System.Globalization;
using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Turns a valid advanced query into a test of things. Source: Losant's guide to advanced queries.</summary>
/// <param name="field">A field's value: text, number, bool, time, the tags, or null.</param>
internal sealed class AdvancedQuery<T>(Func<T, string, object?> field)
{
    /// <summary>Whether a thing fits the query.</summary>
    public Predicate<T> Compile(JsonElement query)
    {
        var tests = query.EnumerateObject().Select(Compile).ToArray();
        return thing => All(tests, thing);
    }

    private Predicate<T> Compile(JsonProperty member)
    {
        switch (member.Name)
        {
            case "$and":
                var all = CompileAll(member.Value);
                return thing => All(all, thing);
            case "$or":
                var any = CompileAll(member.Value);
                return thing => Any(any, thing);
            case "$nor":
                var none = CompileAll(member.Value);
                return thing => !Any(none, thing);
            case "tags":
                var tags = TagQuery.Compile(member.Value);
                return thing => tags((IReadOnlyList<KeyValuePair<string, string>>)field(thing, "tags")!);
            default:
                var value = CompileField(member.Value);
                var name = member.Name;
                return thing => value(field(thing, name));
        }
    }

    private Predicate<T>[] CompileAll(JsonElement queries) => [.. queries.EnumerateArray().Select(Compile)];

    private static bool All<TValue>(Predicate<TValue>[] tests, TValue value)
    {
        foreach (var test in tests)
        {
            if (!test(value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Any<TValue>(Predicate<TValue>[] tests, TValue value)
    {
        foreach (var test in tests)
        {
            if (test(value))
            {
                return true;
            }
        }

        return false;
    }

    private static Predicate<object?> CompileField(JsonElement condition)
    {
        if (condition.ValueKind != JsonValueKind.Object)
        {
            return Operator("$eq", condition, false);
        }

        var ignoreCase = condition.TryGetProperty("$ci", out var ci) && ci.GetBoolean();
        var tests = condition
            .EnumerateObject()
            .Where(member => member.Name != "$ci")
            .Select(member => Operator(member.Name, member.Value, ignoreCase))
            .ToArray();
        return value => All(tests, value);
    }

    private static Predicate<object?> Operator(string name, JsonElement operand, bool ignoreCase)
    {
        var comparison = ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (name is "$in" or "$nin")
        {
            var members = operand.EnumerateArray().Select(member => Operator("$eq", member, ignoreCase)).ToArray();
            return value => Any(members, value) == (name == "$in");
        }

        if (name is "$startsWith" or "$endsWith" or "$contains")
        {
            var part = operand.GetString()!;
            return value =>
                value is string text
                && name switch
                {
                    "$startsWith" => text.StartsWith(part, comparison),
                    "$endsWith" => text.EndsWith(part, comparison),
                    _ => text.Contains(part, comparison),
                };
        }

        var read = Operand(operand);
        return value =>
            name switch
            {
                "$eq" => Order(value, read, comparison) == 0,
                "$ne" => Order(value, read, comparison) != 0,
                "$gt" => Order(value, read, comparison) > 0,
                "$lt" => Order(value, read, comparison) < 0,
                "$gte" => Order(value, read, comparison) >= 0,
                _ => Order(value, read, comparison) <= 0,
            };
    }

    /// <summary>How a value stands to an operand; null when they cannot be compared. Times compare with ISO texts and
    /// with milliseconds since 1970.</summary>
    private static int? Order(object? value, QueryOperand operand, StringComparison comparison) =>
        value switch
        {
            null => operand.Value is null ? 0 : null,
            DateTimeOffset at => operand.Time is { } time ? at.CompareTo(time) : null,
            string text => operand.Value is string other ? string.Compare(text, other, comparison) : null,
            bool flag => operand.Value is bool other ? flag.CompareTo(other) : null,
            _ => null,
        };

    private static QueryOperand Operand(JsonElement operand) =>
        operand.ValueKind switch
        {
            JsonValueKind.String => new QueryOperand(operand.GetString(), Time(operand.GetString()!)),
            JsonValueKind.Number => new QueryOperand(operand.GetDouble(), Time(operand.GetDouble())),
            JsonValueKind.True => new QueryOperand(true, null),
            JsonValueKind.False => new QueryOperand(false, null),
            _ => new QueryOperand(null, null),
        };

    private static DateTimeOffset? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? at
            : null;

    /// <summary>Milliseconds since 1970 as a time; the first or last one when they reach farther.</summary>
    private static DateTimeOffset Time(double milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            (long)
                Math.Clamp(
                    milliseconds,
                    DateTimeOffset.MinValue.ToUnixTimeMilliseconds(),
                    DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                )
        );

    private sealed record QueryOperand(object? Value, DateTimeOffset? Time);
}

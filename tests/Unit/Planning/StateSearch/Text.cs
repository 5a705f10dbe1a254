using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.StateSearch;

/// <summary>States as text. Two states are the same when they differ only in what no rule asks: how long ago something
/// was beyond all limits (the order stays), and how many batches there were.</summary>
internal static partial class Text
{
    /// <summary>Longer than every limit of the release and of the rules.</summary>
    private static readonly TimeSpan LongAgo = TimeSpan.FromMinutes(4);

    private static readonly Dictionary<DeviceId, LedgerRow> NoRows = [];

    private static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        Converters = { new Ids(), new Moments(), new JsonStringEnumConverter() },
    };

    /// <summary>A memory with its times as they are.</summary>
    public static string Of(Memory memory) =>
        JsonSerializer.Serialize(memory with { Rows = NoRows }, Options)
        + JsonSerializer.Serialize(memory.Rows.OrderBy(pair => pair.Key).Select(pair => pair.Value), Options);

    /// <summary>What tells a state from the others: a hash.</summary>
    public static UInt128 KeyOf(SearchState state)
    {
        var text = new StringBuilder(4000)
            .Append(Of(state.Stored.Status with { Rows = state.Stored.Ledger }))
            .Append(Of(state.First, state.Stored))
            .Append(Of(state.Second, state.Stored))
            .Append(JsonSerializer.Serialize(state.Field.Gateways, Options))
            .Append(state.Left)
            .ToString();
        var now = state.Field.Now;
        var old = Moment()
            .Matches(text)
            .Select(match => Parsed(match.Value))
            .Where(at => now - at > LongAgo)
            .Distinct()
            .Order()
            .ToList();
        var aged = Moment()
            .Replace(
                text,
                match =>
                    Parsed(match.Value) is var at && now - at > LongAgo
                        ? $"old{old.BinarySearch(at)}"
                        : $"{(now - at).TotalSeconds:F0}"
            );
        var batch = state.Stored.Status.Batch;
        var numbered = Number()
            .Replace(
                aged,
                match =>
                    $"\"Batch\":{Math.Max(-3, long.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture) - batch)}"
            );
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes(numbered), hash);
        return BitConverter.ToUInt128(hash);
    }

    private static string Of(Leader? leader, Stored stored) =>
        leader is null
            ? "idle"
            : $"{leader.Stage} {leader.Next} {leader.StatusVersion == stored.StatusVersion} "
                + $"{leader.LedgerVersion == stored.LedgerVersion} {Of(leader.Memory)} "
                + JsonSerializer.Serialize(leader.Plan.Batches.Select(batch => batch.Rows), Options);

    private static DateTimeOffset Parsed(string text) =>
        new(long.Parse(text.AsSpan(1), CultureInfo.InvariantCulture), TimeSpan.Zero);

    [GeneratedRegex("@[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Moment();

    [GeneratedRegex("\"Batch\":(?<number>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    private sealed class Ids : JsonConverter<DeviceId>
    {
        public override DeviceId Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, DeviceId id, JsonSerializerOptions options) =>
            writer.WriteStringValue(id.ToString());
    }

    /// <summary>A time as <c>@</c> and its ticks.</summary>
    private sealed class Moments : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset at, JsonSerializerOptions options) =>
            writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"@{at.UtcTicks}"));
    }
}

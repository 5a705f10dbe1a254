using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>A row as stored: short names, absent members left out.</summary>
internal sealed record StoredRow
{
    [JsonPropertyName("d")]
    public string Device { get; set; } = "";

    [JsonPropertyName("r")]
    public int Revision { get; set; }

    [JsonPropertyName("p")]
    public string? Previous { get; set; }

    [JsonPropertyName("pe")]
    public string? PreviousEtag { get; set; }

    [JsonPropertyName("s")]
    public string? Stable { get; set; }

    [JsonPropertyName("se")]
    public string? StableEtag { get; set; }

    [JsonPropertyName("a")]
    public int Attempts { get; set; }

    [JsonPropertyName("o")]
    public Outcome Outcome { get; set; }

    [JsonPropertyName("oa")]
    public DateTimeOffset? OutcomeAt { get; set; }

    [JsonPropertyName("ol")]
    public bool IsLate { get; set; }

    [JsonPropertyName("lv")]
    public bool IsLeaving { get; set; }

    [JsonPropertyName("oe")]
    public bool HasErred { get; set; }

    [JsonPropertyName("ea")]
    public DateTimeOffset? ErredAt { get; set; }

    [JsonPropertyName("e")]
    public string? Error { get; set; }

    [JsonPropertyName("st")]
    public int Step { get; set; }

    [JsonPropertyName("c")]
    public string? Closed { get; set; }

    [JsonPropertyName("fa")]
    public DateTimeOffset? WasForwardAt { get; set; }

    [JsonPropertyName("ca")]
    public DateTimeOffset? CorrectedAt { get; set; }

    [JsonPropertyName("cb")]
    public DateTimeOffset? CorrectedBefore { get; set; }

    [JsonPropertyName("l")]
    public StoredCommand? Last { get; set; }

    [JsonPropertyName("n")]
    public StoredCommand? Next { get; set; }

    public static StoredRow Of(LedgerRow row) =>
        new()
        {
            Device = row.Device.ToString(),
            Revision = row.Revision,
            Previous = row.Previous,
            PreviousEtag = row.PreviousEtag,
            Stable = row.Stable,
            StableEtag = row.StableEtag,
            Attempts = row.Attempts,
            Outcome = row.Outcome,
            OutcomeAt = row.OutcomeAt,
            IsLate = row.IsLate,
            IsLeaving = row.IsLeaving,
            HasErred = row.HasErred,
            ErredAt = row.ErredAt,
            Error = row.Error,
            Step = row.Step,
            Closed = row.Closed,
            WasForwardAt = row.WasForwardAt,
            CorrectedAt = row.CorrectedAt,
            CorrectedBefore = row.CorrectedBefore,
            Last = StoredCommand.Of(row.Last),
            Next = StoredCommand.Of(row.Next),
        };

    public LedgerRow Row() =>
        new()
        {
            Device = DeviceId.TryParse(Device, out var id)
                ? id
                : throw new JsonException($"'{Device}' is no device id"),
            Revision = Revision,
            Previous = Previous,
            PreviousEtag = PreviousEtag,
            Stable = Stable,
            StableEtag = StableEtag,
            Attempts = Attempts,
            Outcome = Outcome,
            OutcomeAt = OutcomeAt,
            IsLate = IsLate,
            IsLeaving = IsLeaving,
            HasErred = HasErred,
            ErredAt = ErredAt,
            Error = Error,
            Step = Step,
            Closed = Closed,
            WasForwardAt = WasForwardAt,
            CorrectedAt = CorrectedAt,
            CorrectedBefore = CorrectedBefore,
            Last = Last?.Command(),
            Next = Next?.Command(),
        };
}

/// <summary>A command as stored. Every member may be absent: absent is the default.</summary>
internal sealed record StoredCommand
{
    [JsonPropertyName("k")]
    public CommandKind Kind { get; set; }

    [JsonPropertyName("v")]
    public string? Version { get; set; }

    [JsonPropertyName("f")]
    public string? From { get; set; }

    [JsonPropertyName("b")]
    public long Batch { get; set; }

    [JsonPropertyName("t")]
    public DateTimeOffset At { get; set; }

    [JsonPropertyName("w")]
    public bool WasConnected { get; set; }

    [JsonPropertyName("n")]
    public int Repeats { get; set; }

    [JsonPropertyName("c")]
    public BackCause Cause { get; set; }

    [JsonPropertyName("s")]
    public bool Seen { get; set; }

    [JsonPropertyName("x")]
    public bool IsCorrection { get; set; }

    [JsonPropertyName("fo")]
    public bool FromOurs { get; set; }

    [JsonPropertyName("rn")]
    public int Refusals { get; set; }

    [JsonPropertyName("rw")]
    public string? Refusal { get; set; }

    public static StoredCommand? Of(Command? command) =>
        command is null
            ? null
            : new StoredCommand
            {
                Kind = command.Kind,
                Version = command.Version,
                From = command.From,
                Batch = command.Batch,
                At = command.At,
                WasConnected = command.WasConnected,
                Repeats = command.Repeats,
                Cause = command.Cause,
                Seen = command.Seen,
                IsCorrection = command.IsCorrection,
                FromOurs = command.FromOurs,
                Refusals = command.Refusals,
                Refusal = command.Refusal,
            };

    public Command Command() =>
        new()
        {
            Kind = Kind,
            Version = Version,
            From = From,
            Batch = Batch,
            At = At,
            WasConnected = WasConnected,
            Repeats = Repeats,
            Cause = Cause,
            Seen = Seen,
            IsCorrection = IsCorrection,
            FromOurs = FromOurs,
            Refusals = Refusals,
            Refusal = Refusal,
        };
}

[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase
)]
[JsonSerializable(typeof(StoredRow[]))]
internal sealed partial class LedgerJson : JsonSerializerContext;

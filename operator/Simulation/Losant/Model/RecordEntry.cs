namespace EdgeRelease.Simulation;

/// <summary>One thing that happened at the simulated Losant.</summary>
/// <param name="Seq">Its number, from 1, without gaps.</param>
/// <param name="At">When, by the model's clock.</param>
public abstract record RecordEntry(long Seq, DateTimeOffset At);

/// <summary>One request. Its changes follow it directly and name its number as cause.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="At">When it was handled.</param>
public sealed record RequestRecord(long Seq, DateTimeOffset At) : RecordEntry(Seq, At)
{
    /// <summary>The verb.</summary>
    public required string Method { get; init; }

    /// <summary>The path as sent.</summary>
    public required string Path { get; init; }

    /// <summary>The query string as sent, without the question mark; empty when there is none.</summary>
    public required string Query { get; init; }

    /// <summary>The body as sent; null when there is none.</summary>
    public string? Body { get; init; }

    /// <summary>The status that the server decided on, also when the answer is lost; 0 when it never got the
    /// request.</summary>
    public required int Status { get; init; }

    /// <summary>The object id of the token that was used; null when it was none or unknown.</summary>
    public string? TokenId { get; init; }

    /// <summary>The faults that were put in, joined by commas; null when none was.</summary>
    public string? Fault { get; init; }

    /// <summary>The simulated process that sent it; null when there is none.</summary>
    public string? Sender { get; init; }
}

/// <summary>One change of what is true about a device.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="At">When it happened.</param>
public sealed record DeviceChangeRecord(long Seq, DateTimeOffset At) : RecordEntry(Seq, At)
{
    /// <summary>The device, 24 hex digits.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The flow, 24 hex digits; null when <see cref="Field"/> is the connection.</summary>
    public string? FlowId { get; init; }

    /// <summary>What changed.</summary>
    public required ChangedField Field { get; init; }

    /// <summary>The version before, null for none; <c>true</c> or <c>false</c> for the connection.</summary>
    public string? From { get; init; }

    /// <summary>The version after, null for none; <c>true</c> or <c>false</c> for the connection.</summary>
    public string? To { get; init; }

    /// <summary>The content tag of the version after; null for none.</summary>
    public string? Etag { get; init; }

    /// <summary>Who changed it.</summary>
    public required Cause Cause { get; init; }
}

/// <summary>What of a device changed.</summary>
public enum ChangedField
{
    /// <summary>The version that it should run.</summary>
    Desired,

    /// <summary>The version that it reports.</summary>
    Current,

    /// <summary>Whether it is connected.</summary>
    Connected,
}

/// <summary>Who changed something.</summary>
/// <param name="Request">The number of the request that did; null when it was not a request.</param>
/// <param name="Foreign">Whether somebody outside the recorded API did; false with no request means the device.</param>
public readonly record struct Cause(long? Request, bool Foreign)
{
    /// <summary>The device itself.</summary>
    public static readonly Cause Device;

    /// <summary>A person or a workflow, past the API.</summary>
    public static readonly Cause Outside = new(null, true);
}

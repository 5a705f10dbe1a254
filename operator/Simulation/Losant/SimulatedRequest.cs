namespace EdgeRelease.Simulation;

/// <summary>One HTTP request as the server sees it.</summary>
/// <param name="Method">The verb, upper case.</param>
/// <param name="Path">The path, still percent-encoded, with its leading slash.</param>
/// <param name="Query">The query string, still encoded, without the question mark; empty when there is none.</param>
/// <param name="Headers">Authorization and Content-Type matter; names in any case.</param>
/// <param name="Body">The bytes of the body; empty when there is none.</param>
public sealed record SimulatedRequest(
    string Method,
    string Path,
    string Query,
    IReadOnlyDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body
)
{
    /// <summary>The process that sent it; null when that is no <see cref="VirtualProcess"/>.</summary>
    public string? Sender { get; init; }
}

/// <summary>What happens to the answer on its way.</summary>
public enum Transport
{
    /// <summary>It arrives.</summary>
    Delivered,

    /// <summary>There is no connection at all.</summary>
    Refused,

    /// <summary>The connection is reset without an answer.</summary>
    Reset,

    /// <summary>Nothing comes, until the client gives up.</summary>
    Silent,

    /// <summary>The body takes <see cref="SimulatedResponse.Delay"/> to arrive.</summary>
    Slow,

    /// <summary>The connection ends in the middle of the body.</summary>
    Cut,
}

/// <summary>One HTTP answer, and what happens to it on its way. Transports act the rest out.</summary>
/// <param name="Status">The HTTP status that the server decided on; 0 when the request never reached it.</param>
/// <param name="Headers">All headers, Content-Type included.</param>
/// <param name="Body">The bytes of the body.</param>
public sealed record SimulatedResponse(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>What happens to the answer on its way. Default delivered.</summary>
    public Transport Transport { get; init; }

    /// <summary>How long a slow body takes; zero otherwise.</summary>
    public TimeSpan Delay { get; init; }
}

namespace EdgeRelease.Simulation;

/// <summary>What Losant knows of a device at one time.</summary>
internal sealed record DeviceState
{
    public required string Name { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; }

    public string? AgentVersion { get; init; }

    /// <summary>Null when it never connected.</summary>
    public bool? Connected { get; init; }

    public DateTimeOffset? ConnectedAt { get; init; }

    public DateTimeOffset? DisconnectedAt { get; init; }

    public DateTimeOffset LastUpdated { get; init; }

    /// <summary>Null while it exists.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>When the connection last changed; null when it never connected.</summary>
    public DateTimeOffset? ConnectionAt => Connected == true ? ConnectedAt : DisconnectedAt;

    /// <summary>Losant's word for the connection in queries and sorts.</summary>
    public string ConnectionStatus =>
        Connected switch
        {
            true => "connected",
            false => "disconnected",
            null => "notConnected",
        };
}

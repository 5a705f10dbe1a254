namespace EdgeRelease.Losant;

/// <summary>How the operator talks to Losant. The defaults are those of production.</summary>
public sealed record LosantOptions
{
    /// <summary>Host names that an account's URL may name, without scheme and port, compared without case. A loopback
    /// host on this list (localhost, 127.0.0.1, ::1) may also be reached by http; every other host by https only.
    /// Default: api.losant.com.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = ["api.losant.com"];

    /// <summary>The clock of timeouts, retries, breaker and <see cref="ILosant.Now"/>. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Uniform numbers from 0 to below 1 that spread retries. Default: a shared random source.</summary>
    public Func<double> Random { get; init; } = System.Random.Shared.NextDouble;

    /// <summary>Makes the handler below the resilience of one connection, which disposes it: a new one for each call.
    /// Null, the default, for the network with TLS.</summary>
    public Func<LosantAccount, HttpMessageHandler>? PrimaryHandler { get; init; }

    /// <summary>Whether <see cref="LosantAccount.RequestsPerSecond"/>, and the waits that Losant asks for, hold back
    /// other requests with the same token. Default: true.</summary>
    public bool LimitsRate { get; init; } = true;

    /// <summary>Told of every request that ended, retries one by one, on the thread that ended it. Must not throw.
    /// Null, the default, for nobody.</summary>
    public Action<LosantRequest>? Observe { get; init; }

    /// <summary>The version in the User-Agent header <c>edgerelease/{version}</c>. Default: this assembly's.</summary>
    public string Version { get; init; } = typeof(LosantOptions).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";
}

/// <summary>One request that ended, as metrics count it: nothing in it grows with the fleet.</summary>
/// <param name="Method">GET or POST.</param>
/// <param name="Route">The path with names for ids, as <c>/applications/{applicationId}/devices</c>.</param>
/// <param name="Outcome">The HTTP status in digits, or <c>timeout</c>, <c>network</c>, <c>unreadable</c> or
/// <c>cancelled</c>.</param>
/// <param name="Duration">From sending to the last byte of the answer.</param>
public readonly record struct LosantRequest(string Method, string Route, string Outcome, TimeSpan Duration);

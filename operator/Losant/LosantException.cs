namespace EdgeRelease.Losant;

/// <summary>What can be done about an error.</summary>
public enum ErrorKind
{
    /// <summary>The user must act; a repeat does not help.</summary>
    Terminal,

    /// <summary>Losant asks to wait (429, breaker open).</summary>
    Waiting,

    /// <summary>It may go by itself (5xx, network, unreadable answer).</summary>
    Transient,
}

/// <summary>Why a call failed, from a closed list.</summary>
public enum LosantReason
{
    /// <summary>The token is unknown, expired or lacks a scope (401, 403).</summary>
    CredentialsRejected,

    /// <summary>404: the application, flow or version is gone.</summary>
    NotFound,

    /// <summary>400 and other refusals of the request itself.</summary>
    RequestRefused,

    /// <summary>The API's URL is not https, its host not on the operator's list, or its extra authority no PEM.</summary>
    HostNotAllowed,

    /// <summary>429, or the breaker is open.</summary>
    Throttled,

    /// <summary>5xx, timeout or network.</summary>
    Unreachable,

    /// <summary>An answer that cannot be read: truncated, wrong type, too large, inconsistent.</summary>
    Unreadable,
}

/// <summary>Losant gave no usable answer. The message is one line, deterministic, without bodies or secrets:
/// <c>cannot {verb} {object}: {cause}</c>.</summary>
public sealed class LosantException : Exception
{
    /// <summary>An error of the given kind and reason.</summary>
    /// <param name="kind">What can be done about it.</param>
    /// <param name="reason">Why, from the closed list.</param>
    /// <param name="message">One line: <c>cannot {verb} {object}: {cause}</c>.</param>
    public LosantException(ErrorKind kind, LosantReason reason, string message)
        : base(message)
    {
        Kind = kind;
        Reason = reason;
    }

    /// <summary>What can be done about it.</summary>
    public ErrorKind Kind { get; }

    /// <summary>Why, from the closed list.</summary>
    public LosantReason Reason { get; }

    /// <summary>The HTTP status; null when there was none.</summary>
    public int? Status { get; init; }

    /// <summary>How long Losant asked to wait; null when it did not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

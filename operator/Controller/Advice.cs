using EdgeRelease.Losant;

namespace EdgeRelease.Controller;

/// <summary>What to do about an error, in words.</summary>
internal static class Advice
{
    /// <summary>The error's own line and the next step.</summary>
    public static string For(LosantException error) =>
        error.Reason switch
        {
            LosantReason.CredentialsRejected =>
                $"{error.Message}; put a valid token of that application with the needed scopes into the Secret, or correct applicationId",
            LosantReason.HostNotAllowed => $"{error.Message}; correct apiUrl or start the operator with --losant-host",
            LosantReason.NotFound => $"{error.Message}; check applicationId",
            LosantReason.Throttled => $"{error.Message}; it is tried again by itself",
            LosantReason.Unreachable or LosantReason.Unreadable => $"{error.Message}; it is tried again by itself",
            _ => error.Message,
        };
}

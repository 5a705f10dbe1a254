using EdgeRelease.Api;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>What to do about an error, in words.</summary>
internal static class Advice
{
    /// <summary>The reason and the sentence of an error that the user must act on.</summary>
    public static Obstacle Obstacle(LosantException error) => new(ReasonFor(error), For(error));

    /// <summary>The condition's reason for an error of any kind.</summary>
    public static string ReasonFor(LosantException error) =>
        error.Kind switch
        {
            ErrorKind.Waiting => Reasons.LosantThrottled,
            ErrorKind.Transient => Reasons.LosantUnreachable,
            _ => error.Reason switch
            {
                LosantReason.CredentialsRejected => Reasons.CredentialsRejected,
                LosantReason.HostNotAllowed => Reasons.HostNotAllowed,
                LosantReason.NotFound => Reasons.ApplicationNotFound,
                _ => Reasons.LosantRefused,
            },
        };

    /// <summary>The error's own line and the next step.</summary>
    public static string For(LosantException error) =>
        error.Reason switch
        {
            LosantReason.CredentialsRejected =>
                $"{error.Message}; put a valid token of that application with the needed scopes (to release: edgeDeployments.release, or "
                    + "embeddedDeployments.release for microcontrollers) "
                    + "into the Secret, or create the LosantApplication anew with the right applicationId",
            LosantReason.HostNotAllowed => $"{error.Message}; correct apiUrl or start the operator with --losant-host",
            LosantReason.NotFound => $"{error.Message}; create the LosantApplication anew with the right applicationId",
            LosantReason.Throttled => $"{error.Message}; it is tried again by itself",
            LosantReason.Unreachable or LosantReason.Unreadable => $"{error.Message}; it is tried again by itself",
            _ => error.Message,
        };
}

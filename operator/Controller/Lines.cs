using Microsoft.Extensions.Logging;

namespace EdgeRelease.Controller;

/// <summary>The log: one line a decision, with release, revision, step, verdict and reason.</summary>
internal static partial class Lines
{
    [LoggerMessage(
        Level = LogLevel.Information,
        EventName = "decision",
        Message = "{Release} r{Revision} step {Step}: {Verdict} ({Reason}): {Text}"
    )]
    public static partial void Decision(
        ILogger log,
        string release,
        int revision,
        int step,
        string verdict,
        string reason,
        string text
    );

    [LoggerMessage(
        Level = LogLevel.Information,
        EventName = "deploy",
        Message = "{Release} r{Revision}: deploy {Version} to {Count}: {Because}: {Answer}"
    )]
    public static partial void Deploy(
        ILogger log,
        string release,
        int revision,
        string version,
        int count,
        string because,
        string answer
    );

    [LoggerMessage(Level = LogLevel.Warning, EventName = "held", Message = "{Release}: {Reason}: {Text}")]
    public static partial void Held(ILogger log, string release, string reason, string text);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "left", Message = "{Release}: {Text}")]
    public static partial void Left(ILogger log, string release, string text);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "retry", Message = "{Release}: tried again later: {Text}")]
    public static partial void Retry(ILogger log, string release, string text);

    [LoggerMessage(Level = LogLevel.Error, EventName = "fault", Message = "{Release}: {Text}")]
    public static partial void Fault(ILogger log, string release, string text, Exception error);

    [LoggerMessage(Level = LogLevel.Information, EventName = "leading", Message = "{Identity} leads")]
    public static partial void Leading(ILogger log, string identity);

    [LoggerMessage(
        Level = LogLevel.Warning,
        EventName = "lease",
        Message = "the lease could not be read or written: {Text}"
    )]
    public static partial void Lease(ILogger log, string text);

    /// <summary>What a pass decided.</summary>
    public static void Decided(ILogger log, Pass pass)
    {
        var verdict = pass.Plan.Verdict;
        Decision(
            log,
            pass.Release.Key.ToString(),
            pass.Memory.Revision,
            pass.Memory.Step.Index + 1,
            verdict.Phase.ToString(),
            verdict.Reason,
            pass.Stopped?.Why ?? verdict.Message
        );
    }
}

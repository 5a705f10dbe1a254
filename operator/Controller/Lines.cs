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

    /// <summary>What a pass decided, unless that is what the pass before it decided.</summary>
    public static void Decided(ILogger log, Pass pass, Session session)
    {
        var verdict = pass.Plan.Verdict;
        var decision = new Said(
            pass.Memory.Revision,
            pass.Memory.Step.Index + 1,
            verdict.Phase.ToString(),
            verdict.Reason,
            pass.Stopped?.Why ?? verdict.Message
        );
        if (decision == session.Said)
        {
            return;
        }

        session.Said = decision;
        Decision(
            log,
            pass.Release.Key.ToString(),
            decision.Revision,
            decision.Step,
            decision.Verdict,
            decision.Reason,
            decision.Text
        );
    }
}

/// <summary>What a pass decided, as the log has it.</summary>
/// <param name="Revision">The revision.</param>
/// <param name="Step">The number of the step, from 1.</param>
/// <param name="Verdict">The phase.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Text">The message.</param>
internal sealed record Said(int Revision, int Step, string Verdict, string Reason, string Text);

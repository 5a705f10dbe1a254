namespace EdgeRelease.Host;

/// <summary>The process's own log lines.</summary>
internal static partial class HostLines
{
    [LoggerMessage(Level = LogLevel.Critical, EventName = "started", Message = "metrics {metrics}, health {health}")]
    private static partial void StartedLine(ILogger log, string metrics, string health);

    /// <summary>The first line: where the endpoints are.</summary>
    public static void Started(ILogger log, string metrics, string health) => StartedLine(log, metrics, health);

    [LoggerMessage(Level = LogLevel.Warning, EventName = "metrics", Message = "metrics were not served: {Text}")]
    public static partial void Unreviewed(ILogger log, string text);

    [LoggerMessage(Level = LogLevel.Critical, EventName = "ended", Message = "the controller ended: {Text}")]
    public static partial void Ended(ILogger log, string text, Exception error);
}

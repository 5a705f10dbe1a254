using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Writes what a pass led to: outcomes to the ledger, the status, Events; nothing when nothing changed.</summary>
public sealed class Reporter(Ports ports)
{
    private static readonly TimeSpan CountsEvery = TimeSpan.FromMinutes(1);

    private readonly EventRecorder _events = new(
        ports.Cluster,
        new EventReporter { Controller = ApiGroup.Name + "/operator", Instance = ports.Instance },
        ports.Time
    );

    /// <summary>Reports a pass that was planned.</summary>
    /// <param name="pass">The pass, sent or stopped.</param>
    /// <param name="session">The process's copies.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task ReportAsync(Pass pass, Session session, CancellationToken cancel)
    {
        // What is left of a lost ledger must not pass for the whole of it.
        var isWhole = !pass.Memory.IsLedgerLost;
        if (isWhole)
        {
            await session.Book!.StoreAsync(pass.Memory, pass.Release.Meta.ResourceVersion, cancel);
        }

        var status = session.Marked(Hindrance.Told(pass).Status(ports.Time.GetUtcNow()));
        await WriteAsync(pass.Release, status, session, cancel);
        var oldest = pass.Memory.Revision - pass.Wanted.Release!.Spec.HistoryLimit;
        if (isWhole && oldest > 0)
        {
            await session.Book!.PruneAsync(oldest, cancel);
        }

        foreach (var notice in pass.Plan.Notices.Concat(pass.News))
        {
            await TellAsync(pass.Release.Json, notice, cancel);
        }

        if (Hindrance.News(pass) is { } news)
        {
            await TellAsync(pass.Release.Json, news, cancel);
        }
    }

    /// <summary>Reports that no plan could be made.</summary>
    /// <param name="release">The object.</param>
    /// <param name="obstacle">Why.</param>
    /// <param name="kind">Whether the user must act.</param>
    /// <param name="session">The process's copies.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task ReportAsync(
        ReleaseObject release,
        Obstacle obstacle,
        ObstacleKind kind,
        Session session,
        CancellationToken cancel
    )
    {
        var before = release.Status;
        kind = release.Meta.DeletionTimestamp is null ? kind : ObstacleKind.Deleting;
        var status = Summary.ForObstacle(before, release.Meta.Generation, obstacle, kind, ports.Time.GetUtcNow());
        await WriteAsync(release, status, session, cancel);
        var isNew =
            before?.Conditions.Any(condition =>
                condition.Type == ConditionTypes.Ready && condition.Reason == obstacle.Reason
            ) != true;
        if (isNew && kind == ObstacleKind.Stalled)
        {
            await TellAsync(release.Json, new Notice(obstacle.Reason, obstacle.Message, IsWarning: true), cancel);
        }
    }

    /// <summary>Writes an Event on a release, as well as that can be done.</summary>
    /// <param name="release">The object.</param>
    /// <param name="notice">What happened.</param>
    /// <param name="cancel">Ends the call.</param>
    public Task TellAsync(JsonElement release, Notice notice, CancellationToken cancel) =>
        _events.RecordAsync(
            Kinds.Release,
            release,
            new EventNote(notice.IsWarning, notice.Reason, "Reconcile", notice.Message),
            cancel
        );

    private async Task WriteAsync(
        ReleaseObject release,
        EdgeReleaseStatus status,
        Session session,
        CancellationToken cancel
    )
    {
        session.Shown = status;
        if (release.Status is { } before && (Summary.IsSame(before, status) || !IsDue(before, status, session)))
        {
            return;
        }

        await session.WriteAsync(ports, release, status, cancel);
    }

    /// <summary>Count-only changes wait until a minute has passed (rule 34).</summary>
    private bool IsDue(EdgeReleaseStatus before, EdgeReleaseStatus status, Session session) =>
        Summary.IsUrgent(before, status)
        || session.WrittenAt is not { } at
        || ports.Time.GetElapsedTime(at) >= CountsEvery;
}

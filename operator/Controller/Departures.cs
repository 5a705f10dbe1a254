using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The finalizer: set while the release owes its devices something on deletion, and taken off so that deletion
/// always ends (F087).</summary>
internal sealed class Departures(Ports ports, Reporter reporter)
{
    private static readonly TimeSpan ClockError = TimeSpan.FromHours(1);

    /// <summary>Whether a deleted release owes nothing, so that no call to Losant is needed.</summary>
    public static bool IsFree(ReleaseObject release) => !release.IsHeld || Deletion.Keeps(release.Spec.Policy);

    /// <summary>Whether the deadline of a deleted release has passed, whether Losant answers or not.</summary>
    public bool IsOverdue(ReleaseObject release, Session session) =>
        release.Meta.DeletionTimestamp is not null && Rest(release, session) <= TimeSpan.Zero;

    /// <summary>When to come back to a release that may be waiting for its deadline.</summary>
    /// <param name="release">The object.</param>
    /// <param name="session">The process's clocks.</param>
    /// <param name="otherwise">When without a deletion.</param>
    public Requeue Within(ReleaseObject release, Session session, Requeue otherwise)
    {
        if (release.Meta.DeletionTimestamp is null)
        {
            return otherwise;
        }

        var rest = Rest(release, session);
        return (otherwise.After ?? Backoff.Work.Largest) < rest ? otherwise : new Requeue(rest);
    }

    /// <summary>What is left of the deadline on this process's monotonic clock since it saw the deletion: the API server's
    /// date against Losant's would fire early by what the two differ (I15). For a process that starts again and again it is
    /// what is left on the wall clock, which may be an hour wrong.</summary>
    private TimeSpan Rest(ReleaseObject release, Session session)
    {
        session.DeletingSince ??= ports.Time.GetTimestamp();
        var deadline = release.Spec.Policy.DeleteDeadline;
        var own = deadline - ports.Time.GetElapsedTime(session.DeletingSince.Value);
        var wall = release.Meta.DeletionTimestamp!.Value + deadline + ClockError - ports.Time.GetUtcNow();
        return own < wall ? own : wall;
    }

    /// <summary>The object with the finalizer as its policy wants it; written only when that changes.</summary>
    public async Task<ReleaseObject> HoldAsync(ReleaseObject release, Session session, CancellationToken cancel)
    {
        var isDue = !Deletion.Keeps(release.Spec.Policy);
        if (release.Meta.DeletionTimestamp is not null || release.IsHeld == isDue)
        {
            return release;
        }

        var others = release.Meta.Finalizers.Where(name => name != ApiGroup.RestoreFinalizer);
        return await WriteAsync(release, isDue ? others.Append(ApiGroup.RestoreFinalizer) : others, session, cancel);
    }

    /// <summary>Takes the finalizer off; says which devices are left when it ends before its work is done.</summary>
    public async Task<Requeue> LetGoAsync(
        ReleaseObject release,
        Session session,
        CancellationToken cancel,
        string? because = null
    )
    {
        if (!release.IsHeld)
        {
            return Requeue.Never;
        }

        if (because is not null)
        {
            await TellAsync(release, "DeletionIncomplete", $"{because}; {Left(release, session)}", cancel);
        }

        await WriteAsync(
            release,
            release.Meta.Finalizers.Where(name => name != ApiGroup.RestoreFinalizer),
            session,
            cancel
        );
        return Requeue.Never;
    }

    /// <summary>The object went without a finalizer: devices that were offline when they were commanded still take the
    /// version when they return (rule 31).</summary>
    public async Task GoneAsync(Session session, CancellationToken cancel)
    {
        if (session is not { Book: { ReadTo: not null } book, Known: { } json })
        {
            return;
        }

        var release = ReleaseObject.Of(json);
        var armed = Recall
            .Memory(release.Status, book)
            .Rows.Values.Where(row => row is { IsForward: true, Outcome: Outcome.None, Last.WasConnected: false })
            .ToList();
        if (armed.Count > 0)
        {
            var text = $"offline devices take the version when they return: {Names(armed)}";
            await TellAsync(release, "ArmedDevicesLeft", text, cancel);
        }
    }

    /// <summary>Which moved devices stay as they are.</summary>
    private static string Left(ReleaseObject release, Session session)
    {
        const string unknown = "which devices were left as they are is not known";
        if (session.Book is not { } book)
        {
            return unknown;
        }

        try
        {
            var memory = Recall.Memory(release.Status, book);
            var left = memory.Rows.Values.Where(row => row.IsForward).ToList();
            var known = left.Count > 0 ? $"left as they are: {Names(left)}" : "no moved device was left";
            return !memory.IsLedgerLost ? known
                : left.Count > 0 ? $"{known}; which others is not known: EdgeReleaseRevisions are gone"
                : $"{unknown}: its EdgeReleaseRevisions are gone";
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return $"{unknown}: {e.Message}";
        }
    }

    private static string Names(List<LedgerRow> rows)
    {
        var ids = rows.Select(row => row.Device.ToString()).Order(StringComparer.Ordinal).Take(10);
        return string.Join(", ", ids) + (rows.Count > 10 ? $" and {rows.Count - 10} more" : "");
    }

    /// <summary>A namespace that is being deleted takes no Events: the log has the names too.</summary>
    private async Task TellAsync(ReleaseObject release, string reason, string text, CancellationToken cancel)
    {
        Lines.Left(ports.Log, release.Key.ToString(), text);
        await reporter.TellAsync(release.Json, new Notice(reason, text, true), cancel);
    }

    private async Task<ReleaseObject> WriteAsync(
        ReleaseObject release,
        IEnumerable<string> finalizers,
        Session session,
        CancellationToken cancel
    )
    {
        var edited = ResourceJson.WithFinalizers(release.Json, finalizers);
        var json = await ports.Cluster.ReplaceAsync(Kinds.Release, edited, null, cancel);
        return session.Wrote(json);
    }
}

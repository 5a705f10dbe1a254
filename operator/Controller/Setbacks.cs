using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>What is done when Losant gave no usable answer: nothing is known then, so nothing is sent.</summary>
internal sealed class Setbacks(Ports ports, Accounts accounts, Reporter reporter, Departures departures)
{
    /// <summary>The one switch from an error to a condition and a requeue.</summary>
    public async Task<Requeue> FailedAsync(
        ReleaseObject release,
        Session session,
        LosantException error,
        CancellationToken cancel
    )
    {
        Lines.Retry(ports.Log, release.Key.ToString(), error.Message);
        session.Said = null;
        if (departures.IsOverdue(release, session))
        {
            return await departures.LetGoAsync(release, session, cancel, because: error.Message);
        }

        var requeue =
            error.Kind == ErrorKind.Terminal
                ? await TerminalAsync(release, session, error, cancel)
                : await UnreachableAsync(release, session, error, cancel);
        return departures.Within(release, session, requeue);
    }

    /// <summary>Whether a pass that failed by a defect is that of a deletion whose deadline has passed: a defect must not
    /// hold a namespace for ever (F087). Where the API server fails, the finalizer cannot be taken off either; a
    /// status that it does not take is another matter.</summary>
    /// <param name="release">The object; null when it was not read.</param>
    /// <param name="session">The process's clocks.</param>
    /// <param name="error">The defect.</param>
    public bool Ends(ReleaseObject? release, Session session, Exception error) =>
        release?.Meta.DeletionTimestamp is not null
        && error is not ClusterException { IsInvalid: false }
        && departures.IsOverdue(release, session);

    /// <summary>Ends that deletion: the pass may have written the object before it failed.</summary>
    public Task<Requeue> EndAsync(ReleaseObject release, Session session, Exception error, CancellationToken cancel)
    {
        Lines.Fault(ports.Log, release.Key.ToString(), error.Message, error);
        var newest = session.NewestOf(release);
        return departures.LetGoAsync(newest, session, cancel, because: $"the operator failed: {error.Message}");
    }

    private async Task<Requeue> TerminalAsync(
        ReleaseObject release,
        Session session,
        LosantException error,
        CancellationToken cancel
    )
    {
        // Losant answered: it is not unreachable.
        session.Failures = 0;
        await reporter.ReportAsync(release, Advice.Obstacle(error), ObstacleKind.Stalled, session, cancel);
        var (application, _) = accounts.Find(release);
        return Requeue.Around(application?.Spec.Api.PollIdle ?? Requeue.IdleWithoutAccount, ports.Random);
    }

    /// <summary>A condition only after 3 failed polls and a minute (rule 34).</summary>
    private async Task<Requeue> UnreachableAsync(
        ReleaseObject release,
        Session session,
        LosantException error,
        CancellationToken cancel
    )
    {
        session.FailingSince = session.Failures++ == 0 ? ports.Time.GetTimestamp() : session.FailingSince;
        var isLasting =
            session.Failures >= 3 && ports.Time.GetElapsedTime(session.FailingSince) >= TimeSpan.FromMinutes(1);
        if (isLasting)
        {
            await reporter.ReportAsync(release, Advice.Obstacle(error), ObstacleKind.Unreachable, session, cancel);
        }

        return new Requeue(error.RetryAfter);
    }
}

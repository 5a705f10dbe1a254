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

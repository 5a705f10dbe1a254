using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>One pass over one release: observe, plan, apply, report.</summary>
public sealed class ReleaseReconciler(Ports ports, ResourceStore releases, ResourceStore applications, Scans scans)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly Resolver _resolver = new(new Accounts(ports, applications), releases);
    private readonly Observer _observer = new(new ShrinkGuard());
    private readonly Sender _sender = new(ports);
    private readonly Reporter _reporter = new(ports);
    private readonly Departures _departures = new(ports);
    private readonly Setbacks _setbacks = new(ports, new Accounts(ports, applications));
    private readonly System.Collections.Concurrent.ConcurrentDictionary<ResourceKey, Session> _sessions = new();

    /// <summary>What the last passes showed, for metrics.</summary>
    public IEnumerable<KeyValuePair<ResourceKey, EdgeReleaseStatus>> Shown =>
        _sessions
            .Where(pair => pair.Value.Shown is not null)
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Shown!));

    /// <summary>Works on one release.</summary>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="cancel">Ends the pass between calls.</param>
    public async Task<Requeue> ReconcileAsync(ResourceKey key, CancellationToken cancel)
    {
        if (releases.Find(key) is not { } json)
        {
            _sessions.TryRemove(key, out _);
            return Requeue.Never;
        }

        var session = _sessions.GetOrAdd(key, _ => new Session());
        try
        {
            return await TriedAsync(json, session, cancel);
        }
        catch (ClusterException e)
        {
            session.Drop();
            Lines.Retry(ports.Log, key.ToString(), e.Message);
            return e.IsConflict ? new Requeue(Soon) : new Requeue(null);
        }
        catch
        {
            // What was stored half-way must be read again.
            session.Drop();
            throw;
        }
    }

    private async Task<Requeue> TriedAsync(JsonElement json, Session session, CancellationToken cancel)
    {
        ReleaseObject? release = null;
        try
        {
            release = await session.OpenAsync(ports.Cluster, ReleaseObject.Of(json), cancel);
            return release is null ? Requeue.Never : await PassAsync(release, session, cancel);
        }
        catch (JsonException e)
        {
            await Malformed.ReportAsync(ports.Cluster, json, e.Message, ports.Time, cancel);
            return Requeue.Never;
        }
        catch (LosantException e)
        {
            return await _setbacks.FailedAsync(release!, session, e, cancel);
        }
    }

    /// <summary>The four verbs.</summary>
    private async Task<Requeue> PassAsync(ReleaseObject release, Session session, CancellationToken cancel)
    {
        if (release.Meta.DeletionTimestamp is not null && Departures.IsFree(release))
        {
            return await _departures.LetGoAsync(release, session, cancel);
        }

        var wanted = await _resolver.ResolveAsync(release, cancel);
        if (wanted.Obstacle is { } obstacle)
        {
            return await BlockedAsync(release, wanted, obstacle, session, cancel);
        }

        release = await _departures.HoldAsync(release, session, cancel);
        var memory = Recall.Memory(release.Status, session.Book!);
        var observed = await _observer.ObserveAsync(wanted, cancel);
        var plan = Planner.Plan(wanted.Release!, memory, observed.Snapshot, observed.Now);

        var pass = new Pass(release, wanted, plan, plan.Memory) { Before = release.Status };
        pass = await _sender.SendAsync(pass, session, cancel);
        await _reporter.ReportAsync(pass, session, cancel);
        session.Failures = 0;
        ports.Metrics.Planned(memory, pass);
        Note(wanted, observed);
        Log(pass);
        if (plan.MayGo)
        {
            return await _departures.LetGoAsync(session.Written ?? pass.Release, session, cancel);
        }

        return Next(pass, observed);
    }

    private Requeue Next(Pass pass, Observed observed)
    {
        if (pass.Stopped is { } stop)
        {
            return new Requeue(stop.Error?.RetryAfter ?? (stop.Error is null ? Soon : null));
        }

        var api = pass.Wanted.Account!.Spec.Api;
        var isActive = pass.Plan.IsActive || pass.Plan.Batches.Count > 0;
        var poll = Requeue.Around(isActive ? api.PollActive : api.PollIdle, ports.Random);
        var due = pass.Plan.WakeAt - observed.Now + TimeSpan.FromSeconds(1);
        return due > TimeSpan.Zero && due < poll.After ? new Requeue(due) : poll;
    }

    private async Task<Requeue> BlockedAsync(
        ReleaseObject release,
        Wanted wanted,
        Obstacle obstacle,
        Session session,
        CancellationToken cancel
    )
    {
        Lines.Held(ports.Log, release.Key.ToString(), obstacle.Reason, obstacle.Message);
        if (release.Meta.DeletionTimestamp is not null && (wanted.IsCutOff || _departures.IsOverdue(release, session)))
        {
            return await _departures.LetGoAsync(release, session, cancel, because: obstacle.Message);
        }

        await _reporter.ReportAsync(release, obstacle, ObstacleKind.Stalled, session, cancel);
        var idle = wanted.Account?.Spec.Api.PollIdle ?? Requeue.IdleWithoutAccount;
        return wanted.IsCutOff ? new Requeue(null) : Requeue.Around(idle, ports.Random);
    }

    private void Note(Wanted wanted, Observed observed)
    {
        var seen = observed.Snapshot;
        if (seen.Believed)
        {
            scans.Note(
                wanted.Account!.Spec.ApplicationId,
                new ApplicationObservation
                {
                    At = seen.BeganAt,
                    Devices = observed.ScannedDevices,
                    Deployments = seen.Deployments.Count,
                    Complete = seen.AbsentRowsAreCertain,
                }
            );
        }
    }

    private void Log(Pass pass)
    {
        var verdict = pass.Plan.Verdict;
        var step = pass.Memory.Step.Index + 1;
        Lines.Decision(
            ports.Log,
            pass.Release.Key.ToString(),
            pass.Memory.Revision,
            step,
            verdict.Phase.ToString(),
            verdict.Reason,
            pass.Stopped?.Why ?? verdict.Message
        );
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>One pass over one release: observe, plan, apply, report.</summary>
public sealed class ReleaseReconciler
{
    private readonly Ports _ports;
    private readonly ResourceStore _releases;
    private readonly Scans _scans;
    private readonly Resolver _resolver;
    private readonly Sender _sender;
    private readonly Exporter _exporter;
    private readonly Reporter _reporter;
    private readonly Departures _departures;
    private readonly Malformed _malformed;
    private readonly Setbacks _setbacks;
    private readonly Readings<ReleaseObject> _read = new(ReleaseObject.Of);
    private readonly ConcurrentDictionary<ResourceKey, Session> _sessions = new();

    /// <summary>The reconciler of one process.</summary>
    /// <param name="ports">The outside world.</param>
    /// <param name="releases">The releases that are watched.</param>
    /// <param name="accounts">Which application a release means.</param>
    /// <param name="scans">Where each observation is noted for the applications' status.</param>
    /// <param name="pollers">What is known of each application.</param>
    public ReleaseReconciler(Ports ports, ResourceStore releases, Accounts accounts, Scans scans, Pollers pollers)
    {
        _ports = ports;
        _releases = releases;
        _scans = scans;
        var neighbours = new Neighbours(accounts, releases, _read, SessionOf);
        _resolver = new Resolver(accounts, releases, _read, pollers, neighbours);
        _sender = new Sender(ports, _resolver.Claimants);
        _exporter = new Exporter(ports);
        _reporter = new Reporter(ports);
        _departures = new Departures(ports, _reporter);
        _malformed = new Malformed(ports, _reporter, _departures);
        _setbacks = new Setbacks(ports, accounts, _reporter, _departures);
    }

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
        var found = _releases.Find(key);
        var uid = found is { } now ? ResourceJson.UidOf(now) : null;
        if (_sessions.TryGetValue(key, out var past) && past.Uid != uid)
        {
            _sessions.TryRemove(key, out _);
            _scans.Forget(key);
            await _departures.GoneAsync(past, cancel);
        }

        if (found is not { } json)
        {
            _read.Forget(key);
            return Requeue.Never;
        }

        var session = SessionOf(key, uid);
        try
        {
            return await TriedAsync(key, json, session, cancel);
        }
        catch (ClusterException e)
        {
            // A conflict is no news: somebody else wrote first, and the next pass reads it.
            session.Drop();
            if (!e.IsConflict)
            {
                Lines.Retry(_ports.Log, key.ToString(), e.Message);
            }

            return new Requeue(null);
        }
        catch
        {
            // What was stored half-way must be read again.
            session.Drop();
            throw;
        }
    }

    private Session SessionOf(ResourceKey key, string? uid) => _sessions.GetOrAdd(key, _ => new Session(uid));

    /// <summary>A pass, and what each kind of failure leads to.</summary>
    private async Task<Requeue> TriedAsync(ResourceKey key, JsonElement json, Session session, CancellationToken cancel)
    {
        ReleaseObject? release = null;
        try
        {
            release = _read.Of(key, json);
            release = await session.OpenAsync(_ports.Cluster, release, cancel);
            if (release is null)
            {
                return Requeue.Never;
            }

            await TellStatusAsync(release, session, cancel);
            return await PassAsync(release, session, cancel);
        }
        catch (JsonException e)
        {
            return await _malformed.SpecAsync(release?.Json ?? json, e.Message, session, cancel);
        }
        catch (LedgerException e)
        {
            return await _malformed.LedgerAsync(release!, e, session, cancel);
        }
        catch (LosantException e)
        {
            return await _setbacks.FailedAsync(release!, session, e, cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && _setbacks.Ends(release, session, e))
        {
            return await _setbacks.EndAsync(release!, session, e, cancel);
        }
    }

    private async Task TellStatusAsync(ReleaseObject release, Session session, CancellationToken cancel)
    {
        if (release.StatusProblem is { } problem && problem != session.StatusProblem)
        {
            var text = $"the status cannot be read, what its revisions tell counts: {problem}";
            await _reporter.TellAsync(release.Json, new Notice("StatusUnreadable", text, IsWarning: true), cancel);
        }

        session.StatusProblem = release.StatusProblem;
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
        release = await Recall.MarkedAsync(_ports, release, memory, session, cancel);
        var poller = wanted.Poller!;
        if (await poller.ObserveAsync(Need.Of(wanted, memory, session), cancel) is not { } observed)
        {
            return new Requeue(TimeSpan.FromSeconds(1));
        }

        var due = wanted.Release! with { IsOverdue = _departures.IsOverdue(release, session) };
        (wanted, var plan) = await PlanAsync(wanted with { Release = due }, memory, observed, cancel);
        session.Planned(plan, wanted.Release!);
        var pass = new Pass(release, wanted, plan, plan.Memory) { Before = release.Status };
        pass = await _sender.SendAsync(pass, session, cancel);
        pass = await _exporter.ExportAsync(pass, session, cancel);
        await _reporter.ReportAsync(pass, session, cancel);
        session.Failures = 0;
        _ports.Metrics.Planned(memory, pass);
        _scans.Note(release.Key, wanted, observed, _ports.Time.GetTimestamp());
        Lines.Decided(_ports.Log, pass, session);
        if (plan.MayGo)
        {
            // A namespace that is being deleted takes no Events: the log has the names too.
            foreach (var notice in plan.Notices.Where(notice => notice.IsWarning))
            {
                Lines.Left(_ports.Log, release.Key.ToString(), notice.Message);
            }

            return await _departures.LetGoAsync(session.Written ?? pass.Release, session, cancel);
        }

        return _departures.Within(release, session, Requeue.Following(pass, observed, poller));
    }

    /// <summary>Nothing moves forward to a version that was read long ago: it may be another one by now.</summary>
    private static async Task<(Wanted, Plan)> PlanAsync(
        Wanted wanted,
        Memory memory,
        Observed observed,
        CancellationToken cancel
    )
    {
        var plan = Planner.Plan(wanted.Release!, memory, observed.Snapshot, observed.Now);
        plan = await wanted.Poller!.Catalog.WithGoneAsync(plan, wanted.Release!.FlowId, cancel);
        if (!plan.Batches.Any(batch => batch.Kind == CommandKind.Forward))
        {
            return (wanted, plan);
        }

        var anew = await Resolver.WithVersionNowAsync(wanted, cancel);
        return anew.Release == wanted.Release
            ? (wanted, plan)
            : (anew, Planner.Plan(anew.Release!, memory, observed.Snapshot, observed.Now) with { Gone = plan.Gone });
    }

    private async Task<Requeue> BlockedAsync(
        ReleaseObject release,
        Wanted wanted,
        Obstacle obstacle,
        Session session,
        CancellationToken cancel
    )
    {
        Lines.Held(_ports.Log, release.Key.ToString(), obstacle.Reason, obstacle.Message);
        session.Said = null;
        if (release.Meta.DeletionTimestamp is not null && (wanted.IsCutOff || _departures.IsOverdue(release, session)))
        {
            return await _departures.LetGoAsync(release, session, cancel, because: obstacle.Message);
        }

        await _reporter.ReportAsync(release, obstacle, ObstacleKind.Stalled, session, cancel);
        var idle = wanted.Account?.Spec.Api.PollIdle ?? Requeue.IdleWithoutAccount;
        var requeue =
            wanted.IsCutOff || obstacle.Reason == Reasons.SecretNotFound
                ? new Requeue(null)
                : Requeue.Around(idle, _ports.Random);
        return _departures.Within(release, session, requeue);
    }
}

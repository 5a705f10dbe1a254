using System.Collections.Concurrent;
using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;

namespace EdgeRelease.Controller;

/// <summary>Says on a LosantApplication whether its token opens it, what the last scans found, and how fast it is
/// asked.</summary>
public sealed class ApplicationReconciler(
    Ports ports,
    ResourceStore applications,
    Accounts accounts,
    Scans scans,
    Pollers pollers
)
{
    private readonly ConcurrentDictionary<ResourceKey, Trouble> _troubles = new();
    private readonly EventRecorder _events = new(
        ports.Cluster,
        new EventReporter { Controller = ApiGroup.Name + "/operator", Instance = ports.Instance },
        ports.Time
    );

    /// <summary>Every application that is watched, and why it is frozen; null: it is not.</summary>
    public IEnumerable<KeyValuePair<ResourceKey, string?>> Frozen =>
        applications.All.Select(pair => KeyValuePair.Create(pair.Key, FrozenBecause(pair.Value)));

    private static string? FrozenBecause(JsonElement json)
    {
        if (
            !json.TryGetProperty("spec", out var spec)
            || spec.ValueKind != JsonValueKind.Object
            || !spec.TryGetProperty("frozen", out var frozen)
            || frozen.ValueKind != JsonValueKind.Object
        )
        {
            return null;
        }

        return frozen.TryGetProperty("reason", out var reason) && reason.ValueKind == JsonValueKind.String
            ? reason.GetString()
            : "";
    }

    /// <summary>Works on one application.</summary>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<Requeue> ReconcileAsync(ResourceKey key, CancellationToken cancel)
    {
        if (applications.Find(key) is not { } json)
        {
            _troubles.TryRemove(key, out _);
            accounts.Forget(key);
            return Requeue.Never;
        }

        try
        {
            return await ReconcileAsync(key, json, cancel);
        }
        catch (ClusterException e)
        {
            Lines.Retry(ports.Log, key.ToString(), e.Message);
            return new Requeue(null);
        }
    }

    private async Task<Requeue> ReconcileAsync(ResourceKey key, JsonElement json, CancellationToken cancel)
    {
        ApplicationObject application;
        try
        {
            application = accounts.Of(key, json);
        }
        catch (JsonException e)
        {
            Lines.Held(ports.Log, key.ToString(), Reasons.InvalidSpec, e.Message);
            await UnreadableAsync(json, $"the object cannot be read: {e.Message}", cancel);
            return Requeue.Never;
        }

        var finding = await FindAsync(application, cancel);
        await WriteAsync(application, finding, cancel);
        await TellFreezeAsync(application, cancel);
        return finding.Requeue;
    }

    private async Task<Finding> FindAsync(ApplicationObject application, CancellationToken cancel)
    {
        var problems = accounts.Problems(application);
        if (problems.Count > 0)
        {
            return new Finding(
                ApplicationConditions.Ready(ConditionStatus.False, Reasons.InvalidSpec, problems[0]),
                Requeue.Never
            );
        }

        ILosant? losant = null;
        try
        {
            (losant, var closed) = await accounts.OpenAsync(application, cancel);
            if (losant is null)
            {
                var obstacle = closed!.Obstacle!;
                return new Finding(
                    ApplicationConditions.Ready(ConditionStatus.False, obstacle.Reason, obstacle.Message),
                    new Requeue(null)
                );
            }

            var isThere =
                pollers.All(losant).Any(poller => poller.IsHeard(application.Spec.Api.PollIdle))
                || await losant.FindApplicationAsync(cancel) is not null;
            _troubles.TryRemove(application.Meta.Key, out _);
            return new Finding(Found(application, isThere), Idle(application), losant);
        }
        catch (LosantException e)
        {
            return e.Kind == ErrorKind.Terminal
                ? new Finding(
                    ApplicationConditions.Ready(ConditionStatus.False, Advice.ReasonFor(e), Advice.For(e)),
                    Idle(application),
                    losant
                )
                : new Finding(Lasting(application, e), new Requeue(e.RetryAfter), losant);
        }
    }

    private static Condition Found(ApplicationObject application, bool isThere)
    {
        var missing = Missing.Application(application);
        return isThere
            ? ApplicationConditions.Ready(ConditionStatus.True, Reasons.Connected, "the token opens the application")
            : ApplicationConditions.Ready(ConditionStatus.False, missing.Reason, missing.Message);
    }

    /// <summary>One Event for each freeze, and one for its end: once the status has it, so that who is told of a freeze and
    /// lifts it at once is told that too.</summary>
    private async Task TellFreezeAsync(ApplicationObject application, CancellationToken cancel)
    {
        if (application.Spec.Frozen == application.Status?.Frozen)
        {
            return;
        }

        var note = application.Spec.Frozen is { } frozen
            ? new EventNote(IsWarning: true, Reasons.Frozen, "Reconcile", $"{frozen.Scope} is frozen: {frozen.Reason}")
            : new EventNote(IsWarning: false, "Thawed", "Reconcile", "releases go on");
        await _events.RecordAsync(Kinds.Application, application.Json, note, cancel);
    }

    private Requeue Idle(ApplicationObject application) => Requeue.Around(application.Spec.Api.PollIdle, ports.Random);

    /// <summary>The condition of an outage; null, which leaves it as it is, before 3 failed polls and a minute
    /// (rule 34).</summary>
    private Condition? Lasting(ApplicationObject application, LosantException error)
    {
        var trouble = _troubles.AddOrUpdate(
            application.Meta.Key,
            _ => new Trouble(1, ports.Time.GetTimestamp()),
            (_, before) => before with { Polls = before.Polls + 1 }
        );
        return trouble.Polls >= 3 && ports.Time.GetElapsedTime(trouble.Since) >= TimeSpan.FromMinutes(1)
            ? ApplicationConditions.Ready(ConditionStatus.Unknown, Advice.ReasonFor(error), Advice.For(error))
            : null;
    }

    private async Task WriteAsync(ApplicationObject application, Finding finding, CancellationToken cancel)
    {
        var before = application.Status ?? new LosantApplicationStatus();
        var scan = scans.Find(application.Meta.Key, before.Observation);
        var status = before with
        {
            ObservedGeneration = application.Meta.Generation,
            Frozen = application.Spec.Frozen,
            Conditions = ApplicationConditions.Of(
                finding.Ready,
                finding.Losant is { } polled && pollers.All(polled).Any(poller => poller.MissesChanges),
                application,
                ports.Time.GetUtcNow()
            ),
            Observation = scan is null || Scans.IsSame(before.Observation, scan) ? before.Observation : scan,
            RequestsPerSecond = finding.Losant is { } losant
                ? Math.Round(losant.RequestsPerSecond, 1)
                : before.RequestsPerSecond,
            BackoffUntil = BackoffUntil(before, finding.Losant?.HeldFor),
        };
        if (application.Status is not null && ApplicationObject.IsSame(status, before))
        {
            return;
        }

        await ports.Cluster.ReplaceAsync(Kinds.Application, application.With(status), "status", cancel);
    }

    /// <summary>A hold that is known keeps its time: read again, it comes out a moment earlier or later.</summary>
    private DateTimeOffset? BackoffUntil(LosantApplicationStatus before, TimeSpan? held)
    {
        if (held is not { } length)
        {
            return null;
        }

        var until = ports.Time.GetUtcNow() + length;
        var isKnown = before.BackoffUntil is { } known && (until - known).Duration() < TimeSpan.FromSeconds(5);
        return isKnown
            ? before.BackoffUntil
            : new DateTimeOffset(until.Ticks - (until.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }

    private async Task UnreadableAsync(JsonElement json, string message, CancellationToken cancel)
    {
        var generation = json.GetProperty("metadata").TryGetProperty("generation", out var number)
            ? number.GetInt64()
            : 0;
        var ready = ApplicationConditions.Ready(ConditionStatus.False, Reasons.InvalidSpec, message) with
        {
            ObservedGeneration = generation,
            LastTransitionTime = ports.Time.GetUtcNow(),
        };
        var status = new LosantApplicationStatus { ObservedGeneration = generation, Conditions = [ready] };
        var isKnown =
            json.TryGetProperty("status", out var old)
            && old.TryGetProperty("observedGeneration", out var seen)
            && seen.ValueKind == JsonValueKind.Number
            && seen.GetInt64() == generation;
        if (isKnown)
        {
            return;
        }

        var element = JsonSerializer.SerializeToElement(status, ApiJson.Default.LosantApplicationStatus);
        var note = new EventNote(IsWarning: true, Reasons.InvalidSpec, "Reconcile", message);
        await _events.RecordAsync(Kinds.Application, json, note, cancel);
        await ports.Cluster.ReplaceAsync(Kinds.Application, ResourceJson.WithStatus(json, element), "status", cancel);
    }

    /// <summary>What a look at the application found.</summary>
    /// <param name="Ready">The condition; null to leave it as it is.</param>
    /// <param name="Requeue">When to look again.</param>
    /// <param name="Losant">The connection; null when there is none.</param>
    private sealed record Finding(Condition? Ready, Requeue Requeue, ILosant? Losant = null);

    /// <summary>Polls in a row that Losant failed, and the monotonic timestamp of the first.</summary>
    private sealed record Trouble(int Polls, long Since);
}

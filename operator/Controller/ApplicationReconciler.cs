using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;

namespace EdgeRelease.Controller;

/// <summary>Says on a LosantApplication whether its token opens it, and what the last full scan found.</summary>
public sealed class ApplicationReconciler(Ports ports, ResourceStore applications, Scans scans)
{
    private readonly Accounts _accounts = new(ports, applications);

    /// <summary>Works on one application.</summary>
    /// <param name="key">Its namespace and name.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<Requeue> ReconcileAsync(ResourceKey key, CancellationToken cancel)
    {
        if (applications.Find(key) is not { } json)
        {
            return Requeue.Never;
        }

        try
        {
            var application = ApplicationObject.Of(json);
            var (ready, requeue) = await ReadyAsync(application, cancel);
            await WriteAsync(application, ready, cancel);
            return requeue;
        }
        catch (JsonException e)
        {
            Lines.Held(ports.Log, key.ToString(), Reasons.InvalidSpec, e.Message);
            return Requeue.Never;
        }
        catch (ClusterException e)
        {
            Lines.Retry(ports.Log, key.ToString(), e.Message);
            return new Requeue(null);
        }
    }

    private async Task<(Condition Ready, Requeue Requeue)> ReadyAsync(
        ApplicationObject application,
        CancellationToken cancel
    )
    {
        var idle = new Requeue(application.Spec.Api.PollIdle * (0.8 + (0.4 * ports.Random.NextDouble())));
        var problems = SpecRules.Problems(application.Spec);
        if (problems.Count > 0)
        {
            return (Says(ConditionStatus.False, Reasons.InvalidSpec, problems[0]), Requeue.Never);
        }

        try
        {
            var (losant, closed) = await _accounts.OpenAsync(application, cancel);
            if (losant is null)
            {
                return (
                    Says(ConditionStatus.False, closed!.Obstacle!.Reason, closed.Obstacle.Message),
                    new Requeue(null)
                );
            }

            return await losant.FindApplicationAsync(cancel) is null
                ? (
                    Says(
                        ConditionStatus.False,
                        Reasons.ApplicationNotFound,
                        $"Losant has no application {application.Spec.ApplicationId}: check applicationId"
                    ),
                    idle
                )
                : (Says(ConditionStatus.True, Reasons.Connected, "the token opens the application"), idle);
        }
        catch (LosantException e)
        {
            return e.Kind == ErrorKind.Terminal
                ? (Says(ConditionStatus.False, e.Reason.ToString(), Advice.For(e)), idle)
                : (Says(ConditionStatus.Unknown, Reasons.LosantUnreachable, Advice.For(e)), new Requeue(e.RetryAfter));
        }
    }

    private async Task WriteAsync(ApplicationObject application, Condition ready, CancellationToken cancel)
    {
        var before = application.Status ?? new LosantApplicationStatus();
        var known = before.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
        ready = ready with
        {
            ObservedGeneration = application.Meta.Generation,
            LastTransitionTime = known?.Status == ready.Status ? known.LastTransitionTime : ports.Time.GetUtcNow(),
        };
        var scan = scans.Find(application.Spec.ApplicationId);
        var status = before with
        {
            ObservedGeneration = application.Meta.Generation,
            Conditions = [ready],
            Observation = IsSame(before.Observation, scan) ? before.Observation : scan,
            RequestsPerSecond = application.Spec.Api.RequestsPerSecond,
        };
        if (
            JsonElement.DeepEquals(application.With(status), application.With(before)) && application.Status is not null
        )
        {
            return;
        }

        await ports.Cluster.ReplaceAsync(Kinds.Application, application.With(status), "status", cancel);
    }

    /// <summary>The time alone is no news.</summary>
    private static bool IsSame(ApplicationObservation? before, ApplicationObservation? scan) =>
        scan is null || (before is not null && before with { At = scan.At } == scan);

    private static Condition Says(ConditionStatus status, string reason, string message) =>
        new()
        {
            Type = ConditionTypes.Ready,
            Status = status,
            Reason = reason,
            Message = message,
        };
}

/// <summary>The last believed scan of each application, handed from the releases' passes to the application's status.</summary>
public sealed class Scans
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, ApplicationObservation> _last = new();

    /// <summary>Notes a scan.</summary>
    /// <param name="applicationId">The application, 24 hex digits.</param>
    /// <param name="scan">What it found.</param>
    public void Note(string applicationId, ApplicationObservation scan) => _last[applicationId] = scan;

    /// <summary>The last scan; null when there was none.</summary>
    /// <param name="applicationId">The application, 24 hex digits.</param>
    public ApplicationObservation? Find(string applicationId) => _last.GetValueOrDefault(applicationId);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>What is done with a release that cannot be read: it says so, and its deletion ends all the same (I20).</summary>
internal sealed class Malformed(Ports ports, Reporter reporter, Departures departures)
{
    /// <summary>The spec cannot be read. All that the object holds beside its conditions stays as it is.</summary>
    public async Task<Requeue> SpecAsync(JsonElement json, string problem, Session session, CancellationToken cancel)
    {
        var message = $"the spec cannot be read: {problem}";
        var release = ReleaseObject.Bare(json);
        if (release.Meta.DeletionTimestamp is not null)
        {
            await LoadAsync(release, session, cancel);
            return await departures.LetGoAsync(release, session, cancel, because: message);
        }

        var edited = ResourceJson.Edited(
            json,
            root => Mark(root, release.Meta.Generation, message, ports.Time.GetUtcNow())
        );
        if (!JsonElement.DeepEquals(edited, json) && await IsWrittenAsync(edited, cancel))
        {
            await reporter.TellAsync(json, new Notice(Reasons.InvalidSpec, message, IsWarning: true), cancel);
        }

        return Requeue.Never;
    }

    /// <summary>The ledger cannot be read. Nobody says when it can: it is looked at again at the idle pace.</summary>
    public async Task<Requeue> LedgerAsync(
        ReleaseObject release,
        LedgerException error,
        Session session,
        CancellationToken cancel
    )
    {
        session.Drop();
        Lines.Held(ports.Log, release.Key.ToString(), Reasons.LedgerUnreadable, error.Message);
        if (release.Meta.DeletionTimestamp is not null)
        {
            return await departures.LetGoAsync(release, session, cancel, because: error.Message);
        }

        var obstacle = new Obstacle(Reasons.LedgerUnreadable, error.Message);
        await reporter.ReportAsync(release, obstacle, ObstacleKind.Stalled, session, cancel);
        session.Drop();
        return Requeue.Around(Requeue.IdleWithoutAccount, ports.Random);
    }

    /// <summary>The ledger, for the names of what is left.</summary>
    private async Task LoadAsync(ReleaseObject release, Session session, CancellationToken cancel)
    {
        try
        {
            session.Book ??= await LedgerBook.LoadAsync(ports.Cluster, release.Meta, cancel);
        }
        catch (LedgerException e)
        {
            Lines.Held(ports.Log, release.Key.ToString(), Reasons.LedgerUnreadable, e.Message);
        }
    }

    private async Task<bool> IsWrittenAsync(JsonElement edited, CancellationToken cancel)
    {
        try
        {
            await ports.Cluster.ReplaceAsync(Kinds.Release, edited, "status", cancel);
            return true;
        }
        catch (ClusterException e) when (e.IsConflict || e.Status is 404 or 422)
        {
            // A newer object comes by the watch; one that the schema refuses cannot carry a status.
            return false;
        }
    }

    private static void Mark(JsonObject root, long generation, string message, DateTimeOffset now)
    {
        var status = root["status"] as JsonObject ?? [];
        root["status"] = status;
        var isKnown =
            status["observedGeneration"]?.ToString() == generation.ToString(CultureInfo.InvariantCulture)
            && status["message"]?.ToString() == message;
        if (isKnown)
        {
            return;
        }

        var at = now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        status["observedGeneration"] = generation;
        status["phase"] = nameof(Phase.Blocked);
        status["message"] = message;
        status["conditions"] = new JsonArray(
            Condition(ConditionTypes.Ready, "False", message, at, generation),
            Condition(ConditionTypes.Stalled, "True", message, at, generation)
        );
    }

    private static JsonObject Condition(string type, string status, string message, string at, long generation) =>
        new()
        {
            ["type"] = type,
            ["status"] = status,
            ["reason"] = Reasons.InvalidSpec,
            ["message"] = message,
            ["lastTransitionTime"] = at,
            ["observedGeneration"] = generation,
        };
}

using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The finalizer: set while the release owes its devices something on deletion, and taken off so that deletion
/// always ends (F087).</summary>
internal sealed class Departures(Ports ports)
{
    private readonly Reporter _reporter = new(ports);

    /// <summary>Whether a deleted release owes nothing, so that no call to Losant is needed.</summary>
    public static bool IsFree(ReleaseObject release) =>
        !release.IsHeld || release.Spec.Policy.OnDelete == DeletePolicy.Keep;

    /// <summary>Whether the deadline has passed without word from Losant, on this process's monotonic clock.</summary>
    public bool IsOverdue(ReleaseObject release, Session session)
    {
        session.DeletingSince ??= ports.Time.GetTimestamp();
        return ports.Time.GetElapsedTime(session.DeletingSince.Value) >= release.Spec.Policy.DeleteDeadline;
    }

    /// <summary>The object with the finalizer as its policy wants it; written only when that changes.</summary>
    public async Task<ReleaseObject> HoldAsync(ReleaseObject release, Session session, CancellationToken cancel)
    {
        var isDue = release.Spec.Policy.OnDelete != DeletePolicy.Keep;
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
            var rows = Recall.Memory(release.Status, session.Book!).Rows.Values;
            var left = rows.Where(row => row.IsForward)
                .Select(row => row.Device.ToString())
                .Order(StringComparer.Ordinal)
                .ToList();
            var names = string.Join(", ", left.Take(10)) + (left.Count > 10 ? $" and {left.Count - 10} more" : "");
            var what = left.Count == 0 ? "no moved device was left" : $"left as they are: {names}";
            await _reporter.TellAsync(
                release.Json,
                new Notice("DeletionIncomplete", $"{because}; {what}", true),
                cancel
            );
        }

        await WriteAsync(
            release,
            release.Meta.Finalizers.Where(name => name != ApiGroup.RestoreFinalizer),
            session,
            cancel
        );
        return Requeue.Never;
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
        session.Written = ReleaseObject.Of(json);
        return session.Written;
    }
}

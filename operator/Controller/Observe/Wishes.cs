using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The requests that stand on a release as annotations, and who set them.</summary>
internal static class Wishes
{
    private static readonly Dictionary<string, string> Nobody = [];

    /// <summary>The requests of a release. Who set one is asked of the API server while it is new: the copies of the watch
    /// are kept without their field managers.</summary>
    /// <param name="cluster">The API server.</param>
    /// <param name="release">The release.</param>
    /// <param name="cancel">Ends the call.</param>
    public static async Task<Requests> OfAsync(ICluster cluster, ReleaseObject release, CancellationToken cancel)
    {
        var annotations = release.Meta.Annotations;
        var requests = new Requests
        {
            Abort = annotations.GetValueOrDefault(Annotations.Abort),
            Retry = annotations.GetValueOrDefault(Annotations.Retry),
            Approve = annotations.GetValueOrDefault(Annotations.Approve),
            Promote = annotations.GetValueOrDefault(Annotations.Promote),
            ReconcileAt = annotations.GetValueOrDefault(Annotations.ReconcileRequestedAt),
        };
        var handled = release.Status?.LastHandled;
        var paused = Requests.Bounded(annotations.GetValueOrDefault(Annotations.Paused));
        var isNew = IsHandling(release) && (IsNew(requests, handled) || IsNew(paused, handled?.Paused));
        var live = isNew ? await cluster.FindAsync(Kinds.Release, release.Key, cancel) : null;
        return requests with { Managers = live is { } json ? ReleaseObject.Managers(json) : Nobody };
    }

    /// <summary>A release that only observes handles no request, so that each would stay new.</summary>
    private static bool IsHandling(ReleaseObject release) =>
        release.Spec.Policy.Mode == PolicyMode.Manage || release.Meta.DeletionTimestamp is not null;

    private static bool IsNew(Requests requests, HandledRequests? handled) =>
        IsNew(requests.Abort, handled?.Abort)
        || IsNew(requests.Retry, handled?.Retry)
        || IsNew(requests.Approve, handled?.Approve)
        || IsNew(requests.Promote, handled?.Promote);

    private static bool IsNew(string? asked, string? handled) => asked is not null && asked != handled;
}

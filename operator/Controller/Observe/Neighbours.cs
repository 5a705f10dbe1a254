using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The releases of other embedded flows of one application: on a microcontroller all flows are one bundle, so that
/// one release at a time may be under way (F124). Passes of one application never overlap, so what their ledgers say is
/// what was sent.</summary>
/// <param name="accounts">Which application a release means.</param>
/// <param name="releases">The releases that are watched.</param>
/// <param name="read">Reads them.</param>
/// <param name="sessionOf">The process's copies of a release, by its key and uid.</param>
public sealed class Neighbours(
    Accounts accounts,
    ResourceStore releases,
    Readings<ReleaseObject> read,
    Func<ResourceKey, string?, Session> sessionOf
)
{
    /// <summary>How long a device must stay good for a release whose spec cannot be read.</summary>
    private static readonly TimeSpan AtMost = TimeSpan.FromHours(1);

    /// <summary>The microcontrollers that other releases have not settled on; none for an edge flow.</summary>
    /// <param name="release">The release that asks.</param>
    /// <param name="application">Its application.</param>
    /// <param name="flow">Its flow.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<BundleHolds> HoldsAsync(
        ReleaseObject release,
        ApplicationObject application,
        PinnedFlow flow,
        CancellationToken cancel
    )
    {
        ArgumentNullException.ThrowIfNull(release);
        if (flow.Class != "embedded")
        {
            return BundleHolds.None;
        }

        var held = new Dictionary<DeviceId, BundleHold>();
        string? unreadable = null;
        DateTimeOffset? exportedAt = null;
        foreach (var other in Others(release.Key, application))
        {
            exportedAt = other.Status!.Export?.At is { } at && !(at <= exportedAt) ? at : exportedAt;
            if (!Claimants.Means(other.Status.Flow!.Id!, flow) && !await IsAddedAsync(held, other, cancel))
            {
                unreadable = other.Key.ToString();
            }
        }

        return new BundleHolds(held) { Unreadable = unreadable, ExportedAt = exportedAt };
    }

    /// <summary>The other releases of embedded flows of an application, by name.</summary>
    private IEnumerable<ReleaseObject> Others(ResourceKey own, ApplicationObject application) =>
        releases
            .All.Where(pair => pair.Key != own)
            .OrderBy(pair => pair.Key.ToString(), StringComparer.Ordinal)
            .Select(pair => read.Readable(pair.Key, pair.Value) ?? ReleaseObject.Bare(pair.Value))
            .Select(Newest)
            .Where(other => other is { Status.Flow: { Class: "embedded", Id: not null } })
            .Where(other => Moves(other, application.Spec));

    /// <summary>Whether a release moves devices of an application, or has: also when its LosantApplication is gone or
    /// cannot be read.</summary>
    private bool Moves(ReleaseObject other, LosantApplicationSpec application) =>
        accounts.Find(other).Found is { } account
            ? Accounts.IsSame(account.Spec, application)
            : Accounts.IsSame(other.Status!.Application?.Id ?? "", application.ApplicationId);

    /// <summary>The release as this process wrote it last: the watch may not have brought that yet.</summary>
    private ReleaseObject Newest(ReleaseObject watched) =>
        sessionOf(watched.Key, watched.Uid) is var session && session.Uid == watched.Uid
            ? session.NewestOf(watched)
            : watched;

    /// <summary>Adds what a release holds.</summary>
    /// <returns>False when that cannot be read.</returns>
    private async Task<bool> IsAddedAsync(
        Dictionary<DeviceId, BundleHold> held,
        ReleaseObject watched,
        CancellationToken cancel
    )
    {
        var session = sessionOf(watched.Key, watched.Uid);
        try
        {
            if (session.Uid != watched.Uid)
            {
                return true;
            }

            var other = watched.IsBare ? watched : await session.OpenAsync(accounts.Cluster, watched, cancel);
            if (other is null)
            {
                return true;
            }

            // A release of another lane may have dropped its copy meanwhile.
            var book = session.Book ?? await LedgerBook.LoadAsync(accounts.Cluster, watched.Meta, cancel);
            var confirm = other.IsBare ? AtMost : other.Spec.Health.Confirm;
            foreach (var hold in BundleHold.Of(watched.Key.ToString(), confirm, Recall.Memory(other.Status, book)))
            {
                held.TryAdd(hold.Key, hold.Value);
            }

            return true;
        }
        catch (Exception e) when (e is LedgerException or JsonException or ClusterException)
        {
            return false;
        }
    }
}

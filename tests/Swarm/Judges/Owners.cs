using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Whose device it is and was, by the objects as people wrote them: the highest priority, then the first
/// created.</summary>
internal sealed class Owners(World world, Plant plant)
{
    private readonly Dictionary<ResourceKey, Claimant> _claimants = [];
    private readonly List<(DateTimeOffset At, IReadOnlyList<Claimant> Claimants)> _moments = [];
    private int _read;

    /// <summary>Whether somebody else has owned the device all the time since an instant.</summary>
    public bool IsOfAnother(string uid, SimulatedDevice device, DateTimeOffset since) =>
        Since(since).All(claimants => Owner(claimants, device) is { } owner && owner != uid);

    /// <summary>Whether somebody else owned the device at any time since an instant.</summary>
    public bool WasOfAnother(string uid, SimulatedDevice device, DateTimeOffset since) =>
        Since(since).Any(claimants => Owner(claimants, device) is { } owner && owner != uid);

    private static string? Owner(IReadOnlyList<Claimant> claimants, SimulatedDevice device) =>
        claimants
            .Where(claimant => Truth.IsSelected(claimant.Selection, device))
            .OrderByDescending(claimant => claimant.Priority)
            .ThenBy(claimant => claimant.CreatedAt)
            .ThenBy(claimant => claimant.Uid, StringComparer.Ordinal)
            .FirstOrDefault()
            ?.Uid;

    /// <summary>What was claimed at an instant and whenever that changed after it.</summary>
    private IEnumerable<IReadOnlyList<Claimant>> Since(DateTimeOffset since)
    {
        Read();
        for (var i = _moments.Count - 1; i >= 0; i--)
        {
            yield return _moments[i].Claimants;
            if (_moments[i].At <= since)
            {
                yield break;
            }
        }

        yield return [];
    }

    private void Read()
    {
        for (; _read < world.Cluster.Record.Count; _read++)
        {
            var write = world.Cluster.Record[_read];
            if (write.Kind == Kinds.Release && write.Subresource is null)
            {
                See(write);
            }
        }
    }

    private void See(ClusterWrite write)
    {
        var release = ReleaseObject.Of(write.After);
        var isGone = write.Event == WatchEventKind.Deleted || release.Meta.DeletionTimestamp is not null;
        var isIdle = release.Spec.Policy.Mode == PolicyMode.Observe;
        if (isGone || isIdle || release.Spec.Flow != plant.Flow.Name || SpecRules.Problems(release.Spec).Count > 0)
        {
            _claimants.Remove(write.Key);
        }
        else
        {
            _claimants[write.Key] = new Claimant(
                release.Uid,
                release.Spec.Policy.Priority,
                release.Meta.CreationTimestamp,
                new Selection(release.Spec) { Guard = plant.Guard }
            );
        }

        _moments.Add((write.At, [.. _claimants.Values]));
    }

    private sealed record Claimant(string Uid, int Priority, DateTimeOffset? CreatedAt, Selection Selection);
}

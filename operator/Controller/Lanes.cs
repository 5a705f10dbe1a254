using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>Lets in one piece of work at a time for each LosantApplication: one that is slow or does not answer keeps one
/// worker busy, not all of them (I16).</summary>
/// <typeparam name="TWork">What names a piece of work.</typeparam>
internal sealed class Lanes<TWork>
{
    private readonly Lock _gate = new();
    private readonly Dictionary<ResourceKey, List<TWork>> _waiting = [];

    /// <summary>Pieces of work that wait for another.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Values.Sum(each => each.Count);
            }
        }
    }

    /// <summary>Takes the lane of an application.</summary>
    /// <returns>False when it is taken: <see cref="Leave"/> will hand the work back.</returns>
    public bool IsEntered(ResourceKey lane, TWork work)
    {
        lock (_gate)
        {
            if (!_waiting.TryGetValue(lane, out var waiting))
            {
                _waiting[lane] = [];
                return true;
            }

            if (!waiting.Contains(work))
            {
                waiting.Add(work);
            }

            return false;
        }
    }

    /// <summary>Frees the lane.</summary>
    /// <returns>What waited for it, in its order: all of it, because what comes first may no longer want the lane.</returns>
    public IReadOnlyList<TWork> Leave(ResourceKey lane)
    {
        lock (_gate)
        {
            return _waiting.Remove(lane, out var waiting) ? waiting : [];
        }
    }
}

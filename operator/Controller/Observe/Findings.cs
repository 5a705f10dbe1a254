using System.Collections.Concurrent;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Controller;

/// <summary>What is wrong with objects, looked for once a generation.</summary>
internal sealed class Findings
{
    private readonly ConcurrentDictionary<string, (long Generation, IReadOnlyList<string> Found)> _known = new();

    /// <summary>What is wrong with an object.</summary>
    /// <param name="meta">Its metadata.</param>
    /// <param name="look">Looks for it.</param>
    public IReadOnlyList<string> Of(ObjectMeta meta, Func<IReadOnlyList<string>> look)
    {
        if (meta.Uid is not { } uid)
        {
            return look();
        }

        if (!_known.TryGetValue(uid, out var known) || known.Generation != meta.Generation)
        {
            _known[uid] = known = (meta.Generation, look());
        }

        return known.Found;
    }
}

using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Flows and versions of an application as they were read lately, so that passes without news cost no calls.
/// What was not found is looked for each time.</summary>
/// <param name="losant">The connection.</param>
/// <param name="time">Monotonic time.</param>
public sealed class Catalog(ILosant losant, TimeProvider time)
{
    /// <summary>How old an answer may be that a plan is made from.</summary>
    public static readonly TimeSpan ForPlans = Poller.FullScan;

    /// <summary>How old an answer may be before devices are sent forward.</summary>
    public static readonly TimeSpan ForCalls = TimeSpan.FromSeconds(5);

    /// <summary>Losant forbids a custom node that runs itself; more than so many are nobody's plan.</summary>
    private const int MostNodes = 50;

    /// <summary>How long a pass may look for the versions that devices go back to: batches are withdrawn when they are
    /// older than 30 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (IReadOnlyList<FlowRow> Found, long At)> _flows = [];
    private readonly Dictionary<string, (IReadOnlyList<CustomNode> Found, long At)> _nodes = [];
    private readonly Dictionary<(string Flow, string Version), (FlowVersionRow Found, long At)> _versions = [];
    private readonly Dictionary<(string Flow, string Version), (bool IsGone, long At)> _gone = [];

    /// <summary>The flows of a name or id, as <see cref="ILosant.FindFlowsAsync"/> finds them.</summary>
    public async Task<IReadOnlyList<FlowRow>> FindFlowsAsync(string nameOrId, CancellationToken cancel)
    {
        if (_flows.TryGetValue(nameOrId, out var known) && time.GetElapsedTime(known.At) <= ForPlans)
        {
            return known.Found;
        }

        var found = await losant.FindFlowsAsync(nameOrId, cancel);
        Keep(_flows, nameOrId, found.Count == 1 ? (found, time.GetTimestamp()) : null);
        return found;
    }

    /// <summary>A plan with those of the versions its devices go back to that Losant no longer has (rule 41). Where it does
    /// not say, none are known to be gone.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="flowId">Its flow, 24 hex digits.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<Plan> WithGoneAsync(Plan plan, string flowId, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var versions = Predecessors.Of(plan);
        if (versions.Count == 0)
        {
            return plan;
        }

        using var patience = new CancellationTokenSource(Patience, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        List<string> gone = [];
        foreach (var version in versions)
        {
            if (await IsGoneAsync(flowId, version, limit.Token, cancel))
            {
                gone.Add(version);
            }
        }

        return gone.Count == 0 ? plan : plan with { Gone = gone };
    }

    /// <summary>Whether Losant no longer has a version. It is asked once in a while, whatever it says: a warning holds up
    /// nothing.</summary>
    private async Task<bool> IsGoneAsync(
        string flowId,
        string version,
        CancellationToken limit,
        CancellationToken cancel
    )
    {
        if (_gone.TryGetValue((flowId, version), out var known) && time.GetElapsedTime(known.At) <= ForPlans)
        {
            return known.IsGone;
        }

        if (limit.IsCancellationRequested)
        {
            return false;
        }

        var isGone = false;
        try
        {
            isGone = await FindVersionAsync(flowId, version, ForPlans, limit) is null;
        }
        catch (Exception e) when (e is LosantException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            // It is not known to be gone.
        }

        Keep(_gone, (flowId, version), (isGone, time.GetTimestamp()));
        return isGone;
    }

    /// <summary>A version, as <see cref="ILosant.FindVersionAsync"/> finds it.</summary>
    /// <param name="flowId">The flow, 24 hex digits.</param>
    /// <param name="version">The version's name.</param>
    /// <param name="maxAge">How old the answer may be.</param>
    /// <param name="cancel">Ends the call.</param>
    public async Task<FlowVersionRow?> FindVersionAsync(
        string flowId,
        string version,
        TimeSpan maxAge,
        CancellationToken cancel
    )
    {
        var key = (flowId, version);
        if (_versions.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) <= maxAge)
        {
            return known.Found;
        }

        var found = await losant.FindVersionAsync(flowId, version, cancel);
        Keep(_versions, key, found is null ? null : (found, time.GetTimestamp()));
        return found;
    }

    /// <summary>The custom nodes that a version brings along, those that they run themselves too.</summary>
    /// <param name="version">The version.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<IReadOnlyList<CustomNode>> CustomNodesAsync(FlowVersionRow version, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(version);
        if (version.CustomNodes.Count == 0)
        {
            return [];
        }

        if (_nodes.TryGetValue(version.Id, out var known) && time.GetElapsedTime(known.At) <= ForPlans)
        {
            return known.Found;
        }

        var found = new List<CustomNode>();
        var asked = new Queue<CustomNodeUse>(version.CustomNodes);
        var seen = new HashSet<CustomNodeUse>(version.CustomNodes);
        while (found.Count < MostNodes && asked.TryDequeue(out var use))
        {
            var (name, used) = await NodeAsync(use, cancel);
            found.Add(new CustomNode(name ?? use.FlowId, use.Version, used?.MinimumAgentVersion));
            foreach (var deeper in (used?.CustomNodes ?? []).Where(seen.Add))
            {
                asked.Enqueue(deeper);
            }
        }

        Keep(_nodes, version.Id, (found, time.GetTimestamp()));
        return found;
    }

    /// <summary>A custom node's name and version; null where Losant has them no longer or does not say. Nothing waits for
    /// them.</summary>
    private async Task<(string? Name, FlowVersionRow? Version)> NodeAsync(CustomNodeUse use, CancellationToken cancel)
    {
        string? name = null;
        try
        {
            if (await FindFlowsAsync(use.FlowId, cancel) is [var flow, ..])
            {
                name = flow.Name;
                return (name, await FindVersionAsync(use.FlowId, use.Version, ForPlans, cancel));
            }
        }
        catch (LosantException)
        {
            // The plan names it by what the version says of it.
        }

        return (name, null);
    }

    private static void Keep<TKey, T>(Dictionary<TKey, T> kept, TKey key, T? value)
        where TKey : notnull
        where T : struct
    {
        // Names of specs of long ago are no reason to grow.
        if (kept.Count >= 10_000)
        {
            kept.Clear();
        }

        if (value is { } found)
        {
            kept[key] = found;
        }
        else
        {
            kept.Remove(key);
        }
    }
}

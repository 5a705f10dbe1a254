using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>One open watch, from the server to the client's inbox: events travel in order unless a fault says
/// else.</summary>
internal sealed class SimulatedWatch : IDisposable
{
    private readonly Dictionary<ResourceKey, DateTimeOffset> _heldUntil = [];
    private readonly SimulatedCluster _cluster;
    private readonly ITimer _bookmarks;
    private readonly ITimer _life;

    // In order: nothing travels faster than what left before it. Latest: counts what was held back, too.
    private DateTimeOffset _inOrder;
    private DateTimeOffset _latest;
    private bool _isOpen = true;
    private bool _isCut;

    /// <summary>A watch that has just opened.</summary>
    /// <param name="cluster">The server.</param>
    /// <param name="client">The client.</param>
    /// <param name="scope">What it shows.</param>
    public SimulatedWatch(SimulatedCluster cluster, SimulatedClient client, WatchScope scope)
    {
        _cluster = cluster;
        Client = client;
        Scope = scope;
        var every = cluster.BookmarkInterval;
        _bookmarks = cluster.Time.CreateTimer(_ => Bookmark(), null, every, every);
        _life = cluster.Time.CreateTimer(_ => End(null), null, cluster.WatchLifetime, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Who watches.</summary>
    public SimulatedClient Client { get; }

    /// <summary>What it shows.</summary>
    public WatchScope Scope { get; }

    /// <summary>Where the client reads.</summary>
    public WatchInbox Inbox { get; } = new();

    private DateTimeOffset Now => _cluster.Time.Now;

    /// <summary>Sends a write on its way, through the fault that the test chooses for it.</summary>
    /// <param name="write">The write; in scope.</param>
    public void Publish(ClusterWrite write)
    {
        if (Client.Process.IsDead)
        {
            Dispose();
        }

        if (!_isOpen)
        {
            return;
        }

        var call = _cluster.Number(Client, ClusterVerb.WatchEvent, write.Kind) with { Key = write.Key };
        var fault = Client.Draw(call);
        if (fault is null || (fault.Value.Kind == ClusterFaultKind.EventStale && write.Before is null))
        {
            Send(write);
        }
        else
        {
            Client.Suffer(fault.Value.Kind);
            Send(write, fault.Value);
        }
    }

    /// <summary>Shows objects as new: the state with which a watch without a version begins.</summary>
    /// <param name="items">The objects of the kind.</param>
    public void Show(IEnumerable<JsonElement> items)
    {
        foreach (var item in items.Where(one => Scope.Holds(ObjectJson.KeyOf(one))))
        {
            Deliver(new WatchEvent(WatchEventKind.Added, item), InOrder());
        }
    }

    /// <summary>Breaks the connection: what is on its way is lost, and the client sees the end later.</summary>
    /// <param name="notice">How much later.</param>
    public void Break(TimeSpan notice)
    {
        Dispose();
        _isCut = true;
        _cluster.Time.Schedule(notice, () => Client.Process.Receive(() => Inbox.End(null)));
    }

    /// <summary>The server forgets the watch; what is on its way still arrives.</summary>
    public void Dispose()
    {
        _isOpen = false;
        _bookmarks.Dispose();
        _life.Dispose();
        _cluster.Forget(this);
    }

    private void Send(ClusterWrite write) => Deliver(new WatchEvent(write.Event, write.After), Due(write.Key));

    private void Send(ClusterWrite write, ClusterFault fault)
    {
        switch (fault.Kind)
        {
            case ClusterFaultKind.Gone:
                End(Refusal.Gone("as chosen by the test"));
                return;
            case ClusterFaultKind.WatchEnded:
                End(null);
                return;
            case ClusterFaultKind.WatchCut:
                Break(Client.Latency());
                return;
            case ClusterFaultKind.EventLost:
                return;
            case ClusterFaultKind.EventLate:
                _inOrder = Later(_inOrder, Now + fault.Duration);
                break;
            case ClusterFaultKind.EventReordered:
                _heldUntil[write.Key] = Now + fault.Duration;
                break;
        }

        Send(write);
        if (fault.Kind == ClusterFaultKind.EventStale)
        {
            Deliver(new WatchEvent(WatchEventKind.Modified, write.Before!.Value), Due(write.Key));
        }

        if (fault.Kind is ClusterFaultKind.EventStale or ClusterFaultKind.EventDuplicated)
        {
            Send(write);
        }
    }

    private void End(ClusterException? error)
    {
        if (_isOpen)
        {
            Dispose();
            Arrive(Later(InOrder(), _latest), () => Inbox.End(error));
        }
    }

    private void Bookmark()
    {
        if (Client.Process.IsDead)
        {
            Dispose();
            return;
        }

        // A bookmark never overtakes an event: who resumes from it would miss that one.
        if (_latest <= Later(Now, _inOrder))
        {
            var mark = new JsonObject
            {
                ["apiVersion"] = Scope.Kind.ApiVersion,
                ["kind"] = Scope.Kind.Kind,
                ["metadata"] = new JsonObject
                {
                    ["resourceVersion"] = _cluster.Store.Version.ToString(CultureInfo.InvariantCulture),
                },
            };
            Deliver(new WatchEvent(WatchEventKind.Bookmark, ObjectJson.Element(mark)), InOrder());
        }
    }

    private void Deliver(WatchEvent happened, DateTimeOffset due) => Arrive(due, () => Inbox.Add(happened));

    private void Arrive(DateTimeOffset due, Action action)
    {
        _latest = Later(_latest, due);
        _cluster.Time.Schedule(
            due - Now,
            () =>
            {
                if (!_isCut)
                {
                    Client.Process.Receive(action);
                }
            }
        );
    }

    private DateTimeOffset Due(ResourceKey key)
    {
        if (!_heldUntil.TryGetValue(key, out var until))
        {
            return InOrder();
        }

        if (until > Now)
        {
            return Later(until, _inOrder);
        }

        _heldUntil.Remove(key);
        return InOrder();
    }

    private DateTimeOffset InOrder() => _inOrder = Later(_inOrder, Now + Client.Latency());

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}

/// <summary>What a watch shows.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Namespace">The namespace; null for all.</param>
internal sealed record WatchScope(ResourceKind Kind, string? Namespace)
{
    /// <summary>Whether it shows a write.</summary>
    /// <param name="write">The write.</param>
    public bool Shows(ClusterWrite write) => write.Kind == Kind && Holds(write.Key);

    /// <summary>Whether an object of the kind is in the namespace.</summary>
    /// <param name="key">The object.</param>
    public bool Holds(ResourceKey key) => Namespace is null || key.Namespace == Namespace;
}

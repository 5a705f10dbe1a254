using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using EdgeRelease.Tests.Conversations;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>A simulated cluster with one kind and one client.</summary>
internal sealed class ClusterScene
{
    public ClusterScene(Func<TimeSpan>? latency = null)
    {
        Cluster = new SimulatedCluster(Time);
        Cluster.Latency = latency ?? Cluster.Latency;
        Cluster.Register(new KindRules(Talks.Kind) { HasStatus = true });
        Client = Cluster.Client("one");
        Start = Time.Now;
    }

    public VirtualTime Time { get; } = new();

    public SimulatedCluster Cluster { get; }

    public SimulatedClient Client { get; }

    public DateTimeOffset Start { get; }

    public TimeSpan Elapsed => Time.Now - Start;

    public static ResourceKey Key(string name) => new("here", name);

    public static JsonElement Talk(string name) => Talks.Talk(Key(name));

    public static JsonElement Changed(JsonElement stored, string text) =>
        Place.Edited(stored, talk => talk["spec"]!["text"] = text);

    /// <summary>As the user, without latency.</summary>
    public JsonElement Apply(string name, string text = "one") =>
        Cluster.Apply(JsonNode.Parse(Changed(Talk(name), text).GetRawText())!.AsObject());

    public JsonElement? Get(string name) => Cluster.Get(Talks.Kind, Key(name));

    public void Run(Func<Task> work) => Time.Run(work);

    /// <summary>Lets virtual time pass.</summary>
    public void Pass(TimeSpan length) => Time.RunUntil(Time.Now + length);

    /// <summary>Lets a fault befall the next call or watch event of a verb, and no other.</summary>
    public void Next(ClusterVerb verb, ClusterFaultKind kind, TimeSpan length = default)
    {
        var isDone = false;
        Cluster.Fault = call =>
        {
            if (isDone || call.Verb != verb)
            {
                return null;
            }

            isDone = true;
            return new ClusterFault(kind, length);
        };
    }

    public Task<JsonElement> CreateAsync(string name) =>
        Client.CreateAsync(Talks.Kind, Talk(name), CancellationToken.None);

    public Task<JsonElement> ReplaceAsync(JsonElement body, string? subresource = null) =>
        Client.ReplaceAsync(Talks.Kind, body, subresource, CancellationToken.None);

    public Task<ResourcePage> ListAsync() => Client.ListAsync(Talks.Kind, new ListOptions(), CancellationToken.None);

    /// <summary>Follows a watch from now on; what it tells, as <c>00:00:01 Added a one</c>, appears in the
    /// list.</summary>
    public List<string> Follow() => FollowUntil(CancellationToken.None);

    public List<string> FollowUntil(CancellationToken cancel)
    {
        var told = new List<string>();
        var version = Cluster.Record.Count == 0 ? "1000" : $"{Cluster.Record[^1].Sequence}";
        _ = FollowAsync();
        Pass(TimeSpan.FromSeconds(1));
        return told;

        async Task FollowAsync()
        {
            try
            {
                await foreach (var happened in Client.WatchAsync(Talks.Kind, "here", version, cancel))
                {
                    told.Add(
                        happened.Kind == WatchEventKind.Bookmark
                            ? "Bookmark"
                            : $"{happened.Kind} {happened.Object.Name()} {happened.Object.At("spec", "text")}"
                    );
                }

                told.Add($"{Elapsed.TotalSeconds:0} s: end");
            }
            catch (Exception e) when (e is ClusterException or OperationCanceledException)
            {
                told.Add($"{Elapsed.TotalSeconds:0} s: {(e as ClusterException)?.Status}");
            }
        }
    }
}

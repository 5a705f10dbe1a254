using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using EdgeRelease.Tests.Conversations;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class ClusterWatchTests
{
    private readonly ClusterScene _scene = new();

    [Fact]
    public void Tells_the_clients_of_its_namespace_in_order_though_the_network_is_uneven()
    {
        var random = new Random(3);
        _scene.Cluster.Latency = () => TimeSpan.FromMilliseconds(random.Next(1000));
        var told = _scene.Follow();
        foreach (var number in Enumerable.Range(0, 100))
        {
            _scene.Apply("a", $"{number}");
        }

        _scene.Pass(TimeSpan.FromSeconds(5));
        Assert.Equal(Enumerable.Range(0, 100).Select(n => $"{(n == 0 ? "Added" : "Modified")} a {n}"), told);
    }

    [Theory]
    [InlineData(ClusterFaultKind.EventLost, "Modified b two")]
    [InlineData(ClusterFaultKind.EventDuplicated, "Modified a two, Modified a two, Modified b two")]
    [InlineData(ClusterFaultKind.EventReordered, "Modified b two, Modified a two")]
    [InlineData(ClusterFaultKind.EventLate, "Modified a two, Modified b two")]
    [InlineData(ClusterFaultKind.EventStale, "Modified a two, Modified a one, Modified a two, Modified b two")]
    public void Mangles_one_event_of_a_watch(ClusterFaultKind kind, string expected)
    {
        _scene.Apply("a");
        _scene.Apply("b");
        var told = _scene.Follow();
        _scene.Next(ClusterVerb.WatchEvent, kind);
        _scene.Apply("a", "two");
        _scene.Apply("b", "two");
        _scene.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(expected, string.Join(", ", told));
        Assert.Equal(1, _scene.Cluster.Faults[kind]);
    }

    [Fact]
    public void Holds_a_late_event_and_all_behind_it()
    {
        _scene.Apply("a");
        var told = _scene.Follow();
        _scene.Next(ClusterVerb.WatchEvent, ClusterFaultKind.EventLate, TimeSpan.FromSeconds(20));
        _scene.Apply("a", "two");
        _scene.Apply("b");
        _scene.Pass(TimeSpan.FromSeconds(19));
        Assert.Empty(told);
        _scene.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(["Modified a two", "Added b one"], told);
    }

    [Fact]
    public void Keeps_the_order_of_one_object_when_events_are_reordered()
    {
        _scene.Apply("a");
        var told = _scene.Follow();
        _scene.Next(ClusterVerb.WatchEvent, ClusterFaultKind.EventReordered, TimeSpan.FromSeconds(20));
        _scene.Apply("a", "two");
        _scene.Pass(TimeSpan.FromSeconds(10));
        _scene.Apply("a", "three");
        _scene.Apply("b");
        _scene.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(["Added b one", "Modified a two", "Modified a three"], told);
    }

    [Fact]
    public void Loses_what_is_on_its_way_when_the_watch_is_cut()
    {
        _scene.Apply("a");
        var told = _scene.Follow();
        _scene.Cluster.Latency = () => TimeSpan.FromSeconds(1);
        _scene.Apply("a", "two");
        _scene.Next(ClusterVerb.WatchEvent, ClusterFaultKind.WatchCut);
        _scene.Apply("a", "three");
        _scene.Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(["2 s: end"], told);
    }

    [Theory]
    [InlineData(ClusterFaultKind.WatchEnded, "2 s: end")]
    [InlineData(ClusterFaultKind.Gone, "2 s: 410")]
    public void Delivers_what_is_on_its_way_when_the_server_ends_the_watch(ClusterFaultKind kind, string end)
    {
        _scene.Apply("a");
        var told = _scene.Follow();
        _scene.Cluster.Latency = () => TimeSpan.FromSeconds(1);
        _scene.Apply("a", "two");
        _scene.Next(ClusterVerb.WatchEvent, kind);
        _scene.Apply("a", "three");
        _scene.Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(["Modified a two", end], told);
    }

    [Fact]
    public void Breaks_all_watches_when_the_server_goes_down()
    {
        var told = _scene.Follow();
        _scene.Cluster.StopFor(TimeSpan.FromSeconds(30));
        _scene.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(["1 s: end"], told);
    }

    [Fact]
    public void Is_silent_during_a_partition_and_ends_after_it()
    {
        var told = _scene.Follow();
        _scene.Client.PartitionFor(TimeSpan.FromSeconds(30));
        _scene.Apply("a");
        _scene.Pass(TimeSpan.FromSeconds(29));
        Assert.Empty(told);
        _scene.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(["31 s: end"], told);
    }

    [Fact]
    public void Sends_bookmarks_every_minute_and_ends_after_its_lifetime()
    {
        var told = _scene.Follow();
        _scene.Pass(TimeSpan.FromMinutes(6));
        Assert.Equal(["Bookmark", "Bookmark", "Bookmark", "Bookmark", "290 s: end"], told);
        Assert.Equal(0, _scene.Time.Pending);
    }

    [Fact]
    public void Sends_no_bookmark_past_an_event_that_is_held_back()
    {
        _scene.Apply("a");
        var told = _scene.Follow();
        _scene.Next(ClusterVerb.WatchEvent, ClusterFaultKind.EventReordered, TimeSpan.FromSeconds(70));
        _scene.Apply("a", "two");
        _scene.Pass(TimeSpan.FromSeconds(65));
        Assert.Empty(told);
    }

    [Fact]
    public void Ends_when_the_client_cancels_it_and_is_forgotten_by_the_server()
    {
        using var cancel = new CancellationTokenSource();
        var told = _scene.FollowUntil(cancel.Token);
        cancel.Cancel();
        Assert.Equal(["1 s: "], told);
        Assert.Equal(0, _scene.Time.Pending);
    }

    [Fact]
    public void Sends_nothing_to_a_process_that_is_dead()
    {
        var told = _scene.Follow();
        _scene.Client.Process.Kill();
        _scene.Apply("a");
        _scene.Pass(TimeSpan.FromHours(1));
        Assert.Empty(told);
        Assert.Equal(0, _scene.Time.Pending);
    }

    [Fact]
    public void Refuses_a_version_that_has_left_the_history_window()
    {
        var version = _scene.Apply("a").Version();
        _scene.Apply("a", "two");
        _scene.Pass(TimeSpan.FromSeconds(299));
        Assert.Null(Opened(version));
        _scene.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(410, Opened(version));
    }

    [Fact]
    public void Refuses_a_version_and_a_token_from_before_the_compaction()
    {
        var version = _scene.Apply("a").Version();
        _scene.Apply("b");
        var page = Page(null);
        _scene.Cluster.Compact();
        Assert.Equal(410, Opened(version));
        Assert.Single(Page(page.Continue).Items);
        _scene.Apply("c");
        _scene.Cluster.Compact();
        Assert.True(Assert.Throws<ClusterException>(() => Page(page.Continue)).IsGone);
    }

    private ResourcePage Page(string? next)
    {
        ResourcePage? page = null;
        var options = new ListOptions { Limit = 1, Continue = next };
        _scene.Run(async () => page = await _scene.Client.ListAsync(Talks.Kind, options, CancellationToken.None));
        return page!;
    }

    /// <summary>The status with which a watch is refused; null when it tells something.</summary>
    private int? Opened(string version)
    {
        int? status = null;
        _scene.Run(async () =>
        {
            try
            {
                await foreach (var _ in _scene.Client.WatchAsync(Talks.Kind, null, version, CancellationToken.None))
                {
                    break;
                }
            }
            catch (ClusterException e)
            {
                status = e.Status;
            }
        });
        return status;
    }
}

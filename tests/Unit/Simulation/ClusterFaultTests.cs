using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using EdgeRelease.Tests.Conversations;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class ClusterFaultTests
{
    private readonly ClusterScene _scene = new();

    [Theory]
    [InlineData(ClusterFaultKind.Conflict, 409)]
    [InlineData(ClusterFaultKind.TooManyRequests, 429)]
    [InlineData(ClusterFaultKind.InternalError, 500)]
    [InlineData(ClusterFaultKind.TimeoutBefore, 0)]
    public void Refuses_a_write_without_effect(ClusterFaultKind kind, int status)
    {
        _scene.Next(ClusterVerb.Create, kind);
        _scene.Run(() => Place.RefusedAsync(status, () => _scene.CreateAsync("a")));
        Assert.Null(_scene.Get("a"));
        Assert.Equal(1, _scene.Cluster.Faults[kind]);
    }

    [Fact]
    public void Loses_the_answer_of_a_write_that_took_effect()
    {
        _scene.Next(ClusterVerb.Create, ClusterFaultKind.TimeoutAfter, TimeSpan.FromSeconds(8));
        _scene.Run(() => Place.RefusedAsync(0, () => _scene.CreateAsync("a")));
        Assert.NotNull(_scene.Get("a"));
        Assert.Equal(8, (int)_scene.Elapsed.TotalSeconds);
        Assert.Equal(1, _scene.Cluster.Faults[ClusterFaultKind.TimeoutAfter]);
    }

    [Fact]
    public void Loses_a_status_write_and_no_other()
    {
        var talk = Place.Edited(_scene.Apply("a"), item => item["status"] = "done");
        _scene.Cluster.Fault = _ => new ClusterFault(ClusterFaultKind.StatusWriteLost);
        _scene.Run(() => Place.RefusedAsync(0, () => _scene.ReplaceAsync(talk, "status")));
        Assert.False(_scene.Get("a")!.Value.TryGetProperty("status", out _));
        _scene.Run(() => _scene.ReplaceAsync(ClusterScene.Changed(talk, "two")));
        Assert.Equal(1, _scene.Cluster.Faults[ClusterFaultKind.StatusWriteLost]);
    }

    [Fact]
    public void Counts_no_fault_that_cannot_befall_the_call()
    {
        _scene.Cluster.Fault = _ => new ClusterFault(ClusterFaultKind.Conflict);
        _scene.Run(() => _scene.ListAsync());
        Assert.Equal(0, _scene.Cluster.Faults[ClusterFaultKind.Conflict]);
    }

    [Theory]
    [InlineData(ClusterFaultKind.CrashBefore, false)]
    [InlineData(ClusterFaultKind.CrashAfter, true)]
    public void Never_returns_from_a_call_in_which_the_process_dies(ClusterFaultKind kind, bool isApplied)
    {
        _scene.Next(ClusterVerb.Create, kind);
        using var cancel = new CancellationTokenSource();
        var call = _scene.Client.CreateAsync(Talks.Kind, ClusterScene.Talk("a"), cancel.Token);
        _scene.Pass(TimeSpan.FromHours(1));
        cancel.Cancel();
        Assert.False(call.IsCompleted);
        Assert.Equal(isApplied, _scene.Get("a") is not null);
        Assert.True(_scene.Client.Process.IsDead);
        Assert.False(_scene.ListAsync().IsCompleted);
    }

    [Fact]
    public void Fails_all_calls_of_all_clients_while_the_server_is_down()
    {
        var other = _scene.Cluster.Client("two");
        _scene.Cluster.StopFor(TimeSpan.FromSeconds(30));
        _scene.Run(() => Place.RefusedAsync(0, () => _scene.ListAsync()));
        _scene.Run(() =>
            Place.RefusedAsync(0, () => other.FindAsync(Talks.Kind, ClusterScene.Key("a"), CancellationToken.None))
        );
        Assert.Equal(2, _scene.Cluster.Faults[ClusterFaultKind.ServerDown]);
        _scene.Pass(TimeSpan.FromSeconds(30));
        _scene.Run(() => _scene.ListAsync());
    }

    [Fact]
    public void Fails_the_calls_of_one_client_while_it_is_partitioned()
    {
        var other = _scene.Cluster.Client("two");
        _scene.Client.PartitionFor(TimeSpan.FromSeconds(30));
        _scene.Run(() => Place.RefusedAsync(0, () => _scene.CreateAsync("a")));
        _scene.Run(() => other.CreateAsync(Talks.Kind, ClusterScene.Talk("a"), CancellationToken.None));
        Assert.Equal("two", Assert.Single(_scene.Cluster.Record).Who);
    }

    [Fact]
    public void Loses_the_answer_when_the_partition_begins_in_between()
    {
        _scene.Cluster.Latency = () => TimeSpan.FromSeconds(1);
        _scene.Time.Schedule(TimeSpan.FromSeconds(1.5), () => _scene.Client.PartitionFor(TimeSpan.FromSeconds(30)));
        _scene.Run(() => Place.RefusedAsync(0, () => _scene.CreateAsync("a")));
        Assert.NotNull(_scene.Get("a"));
    }

    [Fact]
    public void Begins_a_partition_and_an_outage_when_a_call_draws_them()
    {
        _scene.Next(ClusterVerb.List, ClusterFaultKind.Partitioned, TimeSpan.FromSeconds(5));
        _scene.Run(() => Place.RefusedAsync(0, () => _scene.ListAsync()));
        Assert.True(_scene.Client.IsPartitioned);
        _scene.Pass(TimeSpan.FromSeconds(5));
        _scene.Next(ClusterVerb.List, ClusterFaultKind.ServerDown, TimeSpan.FromSeconds(5));
        _scene.Run(() => Place.RefusedAsync(0, () => _scene.ListAsync()));
        Assert.True(_scene.Cluster.IsDown);
    }

    [Fact]
    public void Applies_a_write_though_its_caller_has_given_up()
    {
        _scene.Cluster.Latency = () => TimeSpan.FromSeconds(2);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1), _scene.Time);
        _scene.Run(() =>
            Assert.ThrowsAsync<TaskCanceledException>(() =>
                _scene.Client.CreateAsync(Talks.Kind, ClusterScene.Talk("a"), patience.Token)
            )
        );
        Assert.Null(_scene.Get("a"));
        _scene.Pass(TimeSpan.FromSeconds(2));
        Assert.NotNull(_scene.Get("a"));
    }

    [Fact]
    public void Answers_a_paused_process_after_its_pause()
    {
        var call = _scene.CreateAsync("a");
        _scene.Client.Process.PauseFor(TimeSpan.FromMinutes(1));
        _scene.Pass(TimeSpan.FromSeconds(59));
        Assert.NotNull(_scene.Get("a"));
        Assert.False(call.IsCompleted);
        _scene.Pass(TimeSpan.FromSeconds(1));
        Assert.True(call.IsCompletedSuccessfully);
    }

    [Fact]
    public void Takes_the_latency_once_to_the_server_and_once_back()
    {
        _scene.Cluster.Latency = () => TimeSpan.FromSeconds(3);
        _scene.Run(() => _scene.CreateAsync("a"));
        Assert.Equal(_scene.Start + TimeSpan.FromSeconds(3), _scene.Cluster.Record[0].At);
        Assert.Equal(TimeSpan.FromSeconds(6), _scene.Elapsed);
    }

    [Fact]
    public void Names_verb_kind_and_object_when_it_fails()
    {
        _scene.Next(ClusterVerb.Create, ClusterFaultKind.TimeoutBefore);
        _scene.Run(async () =>
        {
            var error = await Assert.ThrowsAsync<ClusterException>(() => _scene.CreateAsync("a"));
            Assert.Equal("cannot create Talk here/a: no answer", error.Message);
        });
    }
}

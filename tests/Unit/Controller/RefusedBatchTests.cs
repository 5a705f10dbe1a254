using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>A plan that breaks an invariant, planted before it is sent: Losant hears nothing, the release stalls and the
/// counter of refused batches goes up by one (I1, I2, I5, I7, I8).</summary>
public sealed class RefusedBatchTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly MeterListener _meters = new();
    private long _refused;

    public RefusedBatchTests()
    {
        // Meters of tests beside this one have the same name; no other test has a batch refused.
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "edgerelease_invariant_refused")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _refused, count));
        _meters.Start();
        _bench.Add(8);
        _bench.Apply(
            "{'version': 'v2', 'limits': {'maxUnavailable': 1}, "
                + "'rollout': {'steps': [{'name': 'half', 'percentage': 50}, {'name': 'all', 'percentage': 100}]}}"
        );
    }

    public void Dispose()
    {
        _meters.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public void Sends_what_was_planned_when_nobody_spoils_it()
    {
        using var hand = new HandMadePass(_bench);

        hand.Run();

        Assert.Single(_bench.Posts);
        Assert.Equal((Phase.Progressing, 0), (_bench.Status.Phase, _refused));
    }

    [Fact]
    public void I1_keeps_two_devices_from_Losant_where_one_may_be_unavailable()
    {
        using var hand = new HandMadePass(_bench);

        hand.Run(pass =>
        {
            var row = pass.Plan.Batches[0].Rows[0];
            var other = pass.Plan.Target.First(device => device.Id != row.Device);
            return WithRows(pass, row, row with { Device = other.Id });
        });

        IsRefused("I1: 2 slots of 1");
    }

    [Fact]
    public void I2_keeps_a_device_from_Losant_that_has_no_place_in_the_step()
    {
        using var hand = new HandMadePass(_bench);

        hand.Run(pass =>
        {
            var inStep = pass.Plan.Target.Select(device => device.Id).ToHashSet();
            var stranger = pass.Plan.Fleet!.Eligible.First(device => !inStep.Contains(device.Id));
            return WithRows(pass, pass.Plan.Batches[0].Rows[0] with { Device = stranger.Id });
        });

        IsRefused("I2: ", "outside the share of step 1");
    }

    [Fact]
    public void I5_keeps_a_batch_from_Losant_whose_rows_tell_of_another_version()
    {
        using var hand = new HandMadePass(_bench);

        hand.Run(pass => With(pass, pass.Plan.Batches[0] with { Version = "v3" }));

        IsRefused("I5: ", "would be stored with v2 and sent v3");
    }

    [Fact]
    public void I5_keeps_a_batch_from_Losant_whose_intent_the_API_server_did_not_store()
    {
        _bench.Start(ports => ports with { Cluster = new ForgetfulCluster(ports.Cluster) });

        _bench.Until(Phase.Blocked);
        _bench.Run(TimeSpan.FromSeconds(5));

        IsRefused("I5: the status does not have the intent of batch 1");
    }

    [Fact]
    public void I7_keeps_a_batch_from_Losant_once_the_release_is_paused()
    {
        using var hand = new HandMadePass(_bench);

        hand.Run(pass =>
            pass with
            {
                Wanted = pass.Wanted with { Release = pass.Wanted.Release! with { PausedBecause = "lunch" } },
            }
        );

        IsRefused("I7: a forward batch while it is paused");
    }

    [Fact]
    public void I8_keeps_a_device_from_going_back_to_what_it_did_not_run()
    {
        using var hand = new HandMadePass(_bench);
        hand.Run();
        _bench.Run(TimeSpan.FromMinutes(1));
        _bench.Annotate(Annotations.Abort, "r1");

        hand.Run(pass =>
        {
            var batch = pass.Plan.Batches.Single(batch => batch.Kind == CommandKind.Back);
            var rows = batch.Rows.Select(row => row with { Next = row.Next! with { Version = "v3" } });
            return With(pass, batch with { Version = "v3", Rows = [.. rows] });
        });

        IsRefused("I8: ", "would go to v3, not to v1", posts: 1);
        Assert.Equal(1, _bench.Desired("v2"));
    }

    private static Pass With(Pass pass, Batch batch) => pass with { Plan = pass.Plan with { Batches = [batch] } };

    private static Pass WithRows(Pass pass, params LedgerRow[] rows) =>
        With(pass, pass.Plan.Batches[0] with { Rows = rows });

    private void IsRefused(string begin, string why = "", int posts = 0)
    {
        Assert.Equal(posts, _bench.Posts.Count);
        Assert.Equal(1, _refused);
        Assert.Equal(Phase.Blocked, _bench.Status.Phase);
        var stalled = _bench.Status.Conditions.Single(condition => condition.Type == ConditionTypes.Stalled);
        Assert.Equal((ConditionStatus.True, Reasons.InvariantRefused), (stalled.Status, stalled.Reason));
        Assert.StartsWith($"a batch was not sent: {begin}", _bench.Status.Message, StringComparison.Ordinal);
        Assert.Contains(why, _bench.Status.Message, StringComparison.Ordinal);
        Assert.Null(_bench.Status.InFlight);
        Assert.All(_bench.Rows, row => Assert.Null(row.Next));
        Assert.Single(_bench.Events, said => said.StartsWith(Reasons.InvariantRefused, StringComparison.Ordinal));
    }

    /// <summary>An API server that says yes to a status and does not keep its intent.</summary>
    private sealed class ForgetfulCluster(ICluster inner) : ICluster
    {
        public Task<ResourcePage> ListAsync(ResourceKind kind, ListOptions options, CancellationToken cancel) =>
            inner.ListAsync(kind, options, cancel);

        public async IAsyncEnumerable<WatchEvent> WatchAsync(
            ResourceKind kind,
            string? ns,
            string resourceVersion,
            [EnumeratorCancellation] CancellationToken cancel
        )
        {
            await foreach (var each in inner.WatchAsync(kind, ns, resourceVersion, cancel))
            {
                yield return each;
            }
        }

        public Task<JsonElement?> FindAsync(ResourceKind kind, ResourceKey key, CancellationToken cancel) =>
            inner.FindAsync(kind, key, cancel);

        public Task<JsonElement> CreateAsync(ResourceKind kind, JsonElement body, CancellationToken cancel) =>
            inner.CreateAsync(kind, body, cancel);

        public Task<JsonElement> ReplaceAsync(
            ResourceKind kind,
            JsonElement body,
            string? subresource,
            CancellationToken cancel
        )
        {
            var copy = JsonObject.Create(body)!;
            (copy["status"] as JsonObject)?.Remove("inFlight");
            return inner.ReplaceAsync(kind, JsonSerializer.SerializeToElement(copy), subresource, cancel);
        }

        public Task DeleteAsync(ResourceKind kind, ResourceKey key, JsonElement? seen, CancellationToken cancel) =>
            inner.DeleteAsync(kind, key, seen, cancel);
    }
}

using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Whose clock the deadline of a deletion is measured by (F086, F087, I15).</summary>
public sealed class DeletionClockTests : IDisposable
{
    private readonly Bench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(-15)]
    [InlineData(15)]
    public void Restores_every_device_though_the_clock_of_the_API_server_is_wrong_by_more_than_the_deadline(int minutes)
    {
        _bench.Cluster.ClockOffset = TimeSpan.FromMinutes(minutes);
        Complete();

        _bench.Delete();
        _bench.Until(() => _bench.IsGone);

        Assert.Equal(4, _bench.Desired("v1"));
        Assert.DoesNotContain(_bench.Events, each => each.StartsWith("DeletionIncomplete", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(-15)]
    [InlineData(0)]
    [InlineData(15)]
    public void Gives_up_after_the_deadline_in_true_time_and_not_before(int minutes)
    {
        _bench.Cluster.ClockOffset = TimeSpan.FromMinutes(minutes);
        Complete();
        ShutWindows();

        _bench.Delete();
        _bench.Run(TimeSpan.FromMinutes(9));
        Assert.False(_bench.IsGone);
        _bench.Run(TimeSpan.FromMinutes(2));

        Assert.True(_bench.IsGone);
        Assert.Contains(_bench.Events, each => each.StartsWith("DeletionIncomplete", StringComparison.Ordinal));
    }

    [Fact]
    public void Gives_up_though_no_process_lives_as_long_as_the_deadline_and_Losant_is_well()
    {
        Complete();
        ShutWindows();

        _bench.Delete();
        for (var life = 0; life < 9; life++)
        {
            _bench.Run(TimeSpan.FromMinutes(8));
            _bench.Kill();
            _bench.Start();
        }

        _bench.Run(TimeSpan.FromMinutes(1));

        Assert.True(_bench.IsGone);
    }

    private void Complete()
    {
        _bench.Add(4);
        _bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'onDelete': 'Restore', 'deleteDeadline': '10m'}}"
        );
        _bench.Start();
        _bench.Until(Phase.Complete);
    }

    /// <summary>A window that is hours away keeps every device from going back.</summary>
    private void ShutWindows()
    {
        var window = new System.Text.Json.Nodes.JsonObject
        {
            ["from"] = "20:00",
            ["to"] = "21:00",
            ["timeZone"] = "UTC",
        };
        _bench.EditSpec(spec =>
            spec["schedule"] = new System.Text.Json.Nodes.JsonObject
            {
                ["windows"] = new System.Text.Json.Nodes.JsonArray(window),
            }
        );
        _bench.Run(TimeSpan.FromMinutes(2));
    }
}

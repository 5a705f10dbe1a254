using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Rule 5: a device that shows an error has health.retryGrace to recover.</summary>
public sealed class PlannerGraceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly PlannerWorld _world = A.Fleet().Of(1).On("v1").Refusing("v2", ..1);

    private PlannerGateway Gateway => _world[0];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Fails_a_device_that_reports_its_error_anew_every_20_seconds_after_one_grace(int retries)
    {
        var release = A.Release().Tolerating(1).Health(health => health with { Retries = retries });
        var loop = A.Loop(release, _world);
        loop.Pass();
        _world.Advance(10 * Second);

        Reporting(loop, times: 3);

        Assert.Equal(["v2", "v1"], Gateway.Told);
        Assert.Equal(retries == 0 ? Outcome.Failed : Outcome.None, loop.RowOf(Gateway)!.Outcome);
    }

    [Fact]
    public void Fails_no_device_before_the_grace_of_its_first_error_is_over()
    {
        var loop = A.Loop(A.Release(), _world);
        loop.Pass();
        _world.Advance(10 * Second);

        Reporting(loop, times: 2);

        Assert.Equal("Failing", loop.Of(Gateway).Standing.Reason);
        Assert.Equal(loop.RowOf(Gateway)!.ErredAt + (30 * Second), loop.Of(Gateway).Standing.DueAt);
    }

    [Fact]
    public void Grants_the_grace_anew_after_a_success_that_no_pass_saw()
    {
        var loop = A.Loop(A.Release(), _world);
        loop.Pass();
        _world.Advance(10 * Second);
        loop.Pass();
        var first = loop.RowOf(Gateway)!.ErredAt;
        var row = Gateway.Row!.Value;
        var ran = new CurrentEntry(_world.Now, "v2", null, null, null);
        _world.Advance(60 * Second);
        Gateway.Row = row with { LastCurrent = ran };
        _world.Fail(Gateway);

        loop.Pass();

        Assert.Equal("Failing", loop.Of(Gateway).Standing.Reason);
        Assert.True(loop.RowOf(Gateway)!.ErredAt > first);
    }

    [Fact]
    public void Grants_a_retry_its_own_grace()
    {
        var release = A.Release().Tolerating(1).Health(health => health with { Retries = 1 });
        var loop = A.Loop(release, _world).Until(_ => Gateway.Told is ["v2", "v1", "v2"]);
        var first = loop.RowOf(Gateway)!.ErredAt;
        _world.Advance(10 * Second);

        loop.Pass();

        Assert.Equal("Failing", loop.Of(Gateway).Standing.Reason);
        Assert.True(loop.RowOf(Gateway)!.ErredAt > first);
    }

    private void Reporting(PlannerLoop loop, int times)
    {
        for (var i = 0; i < times; i++)
        {
            loop.Pass();
            _world.Advance(19 * Second);
            if (Gateway.Wants == "v2")
            {
                _world.Fail(Gateway);
            }
        }
    }
}

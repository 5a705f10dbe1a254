using EdgeRelease.Losant;
using Xunit;
using static EdgeRelease.Tests.Unit.Losant.Calls;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>After repeated failures calls are held back, until one call alone finds that the outage is over.</summary>
public sealed class CircuitBreakerTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(-60)]
    [InlineData(60)]
    public void Holds_back_after_repeated_failures_and_tries_again_later(int wallClockJumpMinutes)
    {
        var isDown = true;
        var script = new Script(_ => isDown ? Script.Status(502) : Script.Json(Application));
        var losant = script.Connect();
        var errors = Enumerable
            .Range(0, 4)
            .Select(_ => Assert.Throws<LosantException>(() => script.Time.Run(() => Find(losant))))
            .ToList();
        var sent = script.Requests.Count;

        Assert.Equal((ErrorKind.Waiting, LosantReason.Throttled), (errors[^1].Kind, errors[^1].Reason));
        Assert.InRange(errors[^1].RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

        script.Time.WallClockOffset = TimeSpan.FromMinutes(wallClockJumpMinutes);
        var refused = script.Time.Run(() => Release(losant));
        Assert.Equal(ReleaseAnswerKind.Refused, refused.Kind);
        Assert.Equal(sent, script.Requests.Count);

        isDown = false;
        script.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.NotNull(script.Time.Run(() => Find(losant)));
    }

    [Fact]
    public void Says_how_long_it_holds_back_after_repeated_failures()
    {
        var script = new Script(_ => Script.Status(502));
        var losant = script.Connect();
        Assert.Null(losant.HeldFor);

        LosantException error;
        do
        {
            error = Assert.Throws<LosantException>(() => script.Time.Run(() => Find(losant)));
        } while (error.Reason != LosantReason.Throttled);

        Assert.Equal(error.RetryAfter, losant.HeldFor);
        script.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(losant.HeldFor);
    }

    [Fact]
    public void Asks_once_a_minute_in_a_long_outage_and_begins_anew_after_it()
    {
        var isDown = true;
        var script = new Script(_ => isDown ? Script.Status(502) : Script.Json(Application));
        var losant = script.Connect();
        Break();
        for (var attempt = 0; attempt < 3; attempt++)
        {
            script.Time.Advance(losant.HeldFor!.Value + TimeSpan.FromSeconds(1));
            var sent = script.Requests.Count;
            Assert.Throws<LosantException>(() => script.Time.Run(() => Find(losant)));
            Assert.Equal(sent + 1, script.Requests.Count);
            Assert.InRange(losant.HeldFor!.Value, TimeSpan.FromSeconds(55), TimeSpan.FromMinutes(1));
        }

        isDown = false;
        script.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.NotNull(script.Time.Run(() => Find(losant)));
        script.Time.Advance(TimeSpan.FromMinutes(2));
        isDown = true;
        Break();
        Assert.InRange(losant.HeldFor!.Value, TimeSpan.Zero, TimeSpan.FromSeconds(30));

        void Break()
        {
            while (losant.HeldFor is null)
            {
                Assert.Throws<LosantException>(() => script.Time.Run(() => Find(losant)));
            }
        }
    }

    [Fact]
    public void Lets_one_call_alone_see_whether_an_outage_is_over()
    {
        var isDown = true;
        var script = new Script(_ => isDown ? Task.FromResult(Script.Status(502)) : Never());
        var losant = script.Connect();
        while (losant.HeldFor is null)
        {
            Assert.Throws<LosantException>(() => script.Time.Run(() => Find(losant)));
        }

        script.Time.Advance(TimeSpan.FromSeconds(31));
        isDown = false;
        var probe = StartWithoutContext(() => Find(losant));
        var sent = script.Requests.Count;
        script.Time.Advance(TimeSpan.FromSeconds(6));
        var error = Assert.Throws<LosantException>(() => script.Time.Run(() => Find(losant)));

        Assert.False(probe.IsCompleted);
        Assert.Equal(LosantReason.Throttled, error.Reason);
        Assert.Equal(sent, script.Requests.Count);
    }
}

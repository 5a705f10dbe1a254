using System.Net;
using System.Net.Http.Headers;
using EdgeRelease.Losant;
using Xunit;
using static EdgeRelease.Tests.Unit.Losant.Calls;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>Reads are repeated, after the wait that Losant asks for; a release is sent once.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void Repeats_a_read_when_losant_stumbles(int status)
    {
        var script = Script.Of(Script.Status(status), Script.Json(Application));

        Assert.Equal("plant", script.Run(Find)!.Name);
        Assert.Equal(2, script.Requests.Count);
    }

    [Fact]
    public void Repeats_a_read_when_the_network_fails()
    {
        var calls = 0;
        var script = new Script(_ => ++calls == 1 ? throw new HttpRequestException("reset") : Script.Json(Application));

        Assert.Equal("plant", script.Run(Find)!.Name);
    }

    [Fact]
    public void Gives_up_a_read_after_four_attempts()
    {
        var script = new Script(_ => Script.Status(500));

        Assert.Equal(LosantReason.Unreachable, script.Fail(Find).Reason);
        Assert.Equal(4, script.Requests.Count);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void Sends_a_release_once_whatever_the_answer(int status)
    {
        var script = new Script(_ => Script.Status(status));

        script.Run(Release);

        Assert.Single(script.Requests);
    }

    [Fact]
    public void Sends_a_release_once_when_the_network_fails()
    {
        var script = new Script(Task<HttpResponseMessage> (_) => throw new HttpRequestException("reset"));

        script.Run(Release);

        Assert.Single(script.Requests);
    }

    [Fact]
    public void Waits_as_long_as_losant_asks()
    {
        var script = Script.Of(RetryAfter(429, 40), Script.Json(Application));

        script.Run(Find);

        Assert.Equal(TimeSpan.FromSeconds(40), script.Time.Elapsed);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-30)]
    public void Waits_as_if_not_asked_when_losant_asks_for_no_time(int seconds)
    {
        var script = new Script(_ =>
        {
            var throttled = Script.Status(429);
            throttled.Headers.Date = ManualTime.Start;
            throttled.Headers.RetryAfter =
                seconds == 0
                    ? new RetryConditionHeaderValue(TimeSpan.Zero)
                    : new RetryConditionHeaderValue(ManualTime.Start.AddSeconds(seconds));
            return throttled;
        });

        var error = script.Fail(Find);

        Assert.Null(error.RetryAfter);
        Assert.InRange(script.Time.Elapsed, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Gives_the_wait_to_the_caller_when_it_does_not_fit()
    {
        var script = Script.Of(RetryAfter(429, 3600));

        var error = script.Fail(Find);

        Assert.Equal((ErrorKind.Waiting, LosantReason.Throttled), (error.Kind, error.Reason));
        Assert.Equal(TimeSpan.FromSeconds(60), error.RetryAfter);
        Assert.Single(script.Requests);
    }

    [Fact]
    public void Waits_until_the_date_that_losant_names()
    {
        var throttled = Script.Status(429);
        throttled.Headers.Date = ManualTime.Start;
        throttled.Headers.RetryAfter = new RetryConditionHeaderValue(ManualTime.Start.AddSeconds(25));
        var script = Script.Of(throttled, Script.Json(Application));

        script.Run(Find);

        Assert.Equal(TimeSpan.FromSeconds(25), script.Time.Elapsed);
    }

    [Fact]
    public void Disposes_the_answers_that_it_does_not_use()
    {
        var bodies = new List<WatchedContent>();
        var script = new Script(_ =>
        {
            bodies.Add(new WatchedContent());
            return new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = bodies[^1] };
        });

        script.Fail(Find);

        Assert.Equal(4, bodies.Count);
        Assert.All(bodies, body => Assert.True(body.IsDisposed));
    }

    [Fact]
    public void Reports_each_request_by_its_route()
    {
        var script = Script.Of(Script.Status(503), Script.Json(Application));

        script.Run(Find);

        Assert.Equal(["503", "200"], script.Observed.Select(each => each.Outcome));
        Assert.All(
            script.Observed,
            each => Assert.Equal(("GET", "/applications/{applicationId}"), (each.Method, each.Route))
        );
    }

    private static HttpResponseMessage RetryAfter(int status, int seconds)
    {
        var answer = Script.Status(status);
        answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    private sealed class WatchedContent : ByteArrayContent
    {
        public WatchedContent()
            : base([]) { }

        public bool IsDisposed { get; private set; }

        protected override void Dispose(bool disposing)
        {
            IsDisposed = true;
            base.Dispose(disposing);
        }
    }
}

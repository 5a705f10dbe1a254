using System.Net;
using System.Net.Http.Headers;
using EdgeRelease.Losant;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

public sealed class ResilienceTests
{
    private const string Application = """{"id":"575ec8687ae143cd83dc4a97","name":"plant"}""";

    private static Task<LosantApplicationRow?> Find(ILosant losant) =>
        losant.FindApplicationAsync(CancellationToken.None);

    private static Task<ReleaseAnswer> Release(ILosant losant) =>
        losant.ReleaseAsync(new ReleaseOrder(Script.Flow, "v2", [Rows.DeviceId(1)]), CancellationToken.None);

    [Fact]
    public void Continues_on_the_thread_that_completes_the_answer()
    {
        var answers = new Queue<TaskCompletionSource<HttpResponseMessage>>([new(), new()]);
        var (first, second) = (answers.ElementAt(0), answers.ElementAt(1));
        var script = new Script(_ => answers.Dequeue().Task);
        var call = StartWithoutContext(() => Find(script.Connect()));

        first.SetResult(Script.Status(503));
        Assert.Single(script.Requests);

        script.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(2, script.Requests.Count);
        Assert.False(call.IsCompleted);

        second.SetResult(Script.Json(Application));
        Assert.True(call.IsCompletedSuccessfully);
    }

    [Fact]
    public void Ends_on_the_thread_that_cancels()
    {
        using var cancel = new CancellationTokenSource();
        var script = new Script(_ => new TaskCompletionSource<HttpResponseMessage>().Task);
        var call = StartWithoutContext(() => script.Connect().FindApplicationAsync(cancel.Token));

        cancel.Cancel();

        Assert.True(call.IsCanceled);
        Assert.Equal("cancelled", Assert.Single(script.Observed).Outcome);
    }

    [Fact]
    public void Ends_on_the_thread_that_cancels_a_wait_before_a_repeat()
    {
        using var cancel = new CancellationTokenSource();
        var script = Script.Of(Script.Status(503));
        var call = StartWithoutContext(() => script.Connect().FindApplicationAsync(cancel.Token));
        Assert.False(call.IsCompleted);

        cancel.Cancel();

        Assert.True(call.IsCanceled);
    }

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
    public void Gives_up_an_attempt_after_ten_seconds()
    {
        var calls = 0;
        var script = new Script(_ => ++calls == 1 ? Never() : Task.FromResult(Script.Json(Application)));

        Assert.Equal("plant", script.Run(Find)!.Name);
        Assert.InRange(script.Time.Elapsed, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15));
        Assert.Equal("timeout", script.Observed[0].Outcome);
    }

    [Fact]
    public void Gives_up_a_body_that_does_not_end()
    {
        var script = new Script(_ => new HttpResponseMessage { Content = new StreamContent(new StuckStream()) });

        var error = script.Fail(Find);

        Assert.Equal((ErrorKind.Transient, LosantReason.Unreachable), (error.Kind, error.Reason));
        Assert.InRange(script.Time.Elapsed, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Gives_up_a_release_after_ten_seconds()
    {
        var script = new Script(_ => Never());

        Assert.Equal(ReleaseAnswerKind.Unknown, script.Run(Release).Kind);
        Assert.Equal(TimeSpan.FromSeconds(10), script.Time.Elapsed);
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

    [Fact]
    public void Says_the_rate_that_it_keeps() =>
        Assert.Equal(5, new Script(_ => Script.Status(404)).Connect().RequestsPerSecond);

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

    private static Task<HttpResponseMessage> Never() => new TaskCompletionSource<HttpResponseMessage>().Task;

    private static HttpResponseMessage RetryAfter(int status, int seconds)
    {
        var answer = Script.Status(status);
        answer.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds));
        return answer;
    }

    private static Task<T> StartWithoutContext<T>(Func<Task<T>> call)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var task = call();
        SynchronizationContext.SetSynchronizationContext(before);
        return task;
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

    private sealed class StuckStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
            return 0;
        }
    }
}

using System.Net.Http.Headers;
using EdgeRelease.Losant;
using Xunit;
using static EdgeRelease.Tests.Unit.Losant.Calls;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>How fast requests start, in virtual time.</summary>
public sealed class PaceTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly ManualTime time = new();
    private readonly List<TimeSpan> starts = [];

    private static Task<LosantApplicationRow?> Find(ILosant losant, CancellationToken cancel = default) =>
        losant.FindApplicationAsync(cancel);

    private LosantConnector Connector(Func<Sent, Task<HttpResponseMessage>>? answer = null) =>
        new(
            new LosantOptions
            {
                Time = time,
                PrimaryHandler = _ => new Script(sent =>
                {
                    starts.Add(time.Elapsed);
                    return answer?.Invoke(sent) ?? Task.FromResult(Script.Status(404));
                }),
            }
        );

    private static LosantAccount Account(double rate) => Script.Account() with { RequestsPerSecond = rate };

    private static Task<HttpResponseMessage> Throttled(int? retryAfter = null)
    {
        var answer = Script.Status(429);
        answer.Headers.RetryAfter = retryAfter is { } seconds
            ? new RetryConditionHeaderValue(TimeSpan.FromSeconds(seconds))
            : null;
        return Task.FromResult(answer);
    }

    [Fact]
    public void Says_the_rate_that_it_keeps() =>
        Assert.Equal(5, new Script(_ => Script.Status(404)).Connect().RequestsPerSecond);

    [Theory]
    [InlineData(5, 16)]
    [InlineData(0.5, 4)]
    [InlineData(200, 400)]
    public void Starts_no_more_requests_a_second_than_the_account_allows(double rate, int calls)
    {
        using var connector = Connector();
        var losant = connector.Connect(Account(rate));

        time.Run(() => Task.WhenAll(Enumerable.Range(0, calls).Select(_ => Find(losant))));

        var atOnce = Math.Max(1, rate / 20);
        Assert.All(
            starts,
            start => Assert.InRange(starts.Count(other => other >= start && other < start + Second), 1, rate + atOnce)
        );
        Assert.InRange(starts[^1].TotalSeconds, (calls - atOnce - 1) / rate, calls / rate);
    }

    [Fact]
    public void Shares_the_rate_of_a_token_at_a_host_and_the_smallest_holds()
    {
        using var connector = Connector();
        var fast = connector.Connect(Account(50));
        var slow = connector.Connect(
            Script.Account("https://API.losant.com:443/") with
            {
                ApplicationId = Script.Flow,
            }
        );
        var other = connector.Connect(Account(50) with { Token = "another-token" });

        Assert.Equal((5, 5, 50), (fast.RequestsPerSecond, slow.RequestsPerSecond, other.RequestsPerSecond));
        time.Run(() => Task.WhenAll(Find(fast), Find(slow), Find(fast), Find(slow), Find(other)));
        Assert.Equal([0, 0, 0.2, 0.4, 0.6], starts.Select(start => start.TotalSeconds));
    }

    [Fact]
    public void Keeps_its_own_rate_again_when_the_slower_account_is_dropped()
    {
        using var connector = Connector();
        var fast = connector.Connect(Account(50));
        connector.Connect(Account(5) with { ApplicationId = Script.Flow });
        time.Advance(TimeSpan.FromMinutes(10));
        connector.Connect(Account(50));
        time.Advance(TimeSpan.FromMinutes(10));
        connector.Connect(Account(50));

        Assert.Equal(50, fast.RequestsPerSecond);
    }

    [Fact]
    public void Leaves_no_gap_for_a_call_that_was_cancelled_while_it_waited()
    {
        using var connector = Connector();
        using var cancel = new CancellationTokenSource();
        var losant = connector.Connect(Account(1));

        var calls = new List<Task>();
        time.Run(() =>
        {
            calls.Add(Find(losant));
            calls.Add(Find(losant, cancel.Token));
            calls.Add(Find(losant));
            cancel.Cancel();
            return Find(losant);
        });

        Assert.True(calls[1].IsCanceled);
        Assert.Equal([0, 1, 2], starts.Select(start => start.TotalSeconds));
    }

    [Fact]
    public void Halves_the_rate_with_each_429_down_to_a_tenth()
    {
        using var connector = Connector(_ => Throttled());
        var losant = connector.Connect(Account(8));

        var rates = Enumerable.Range(0, 5).Select(_ => RateAfter(losant)).ToList();

        Assert.Equal([4, 2, 1, 0.8, 0.8], rates);

        double RateAfter(ILosant losant)
        {
            time.Run(() => Release(losant));
            return losant.RequestsPerSecond;
        }
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(9, 5)]
    [InlineData(10, 6)]
    [InlineData(45, 9)]
    [InlineData(50, 10)]
    [InlineData(500, 10)]
    public void Gives_a_tenth_of_the_rate_back_every_ten_seconds_without_429(int seconds, double expected)
    {
        using var connector = Connector(_ => Throttled());
        var losant = connector.Connect(Account(10));
        time.Run(() => Release(losant));

        time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, losant.RequestsPerSecond);
    }

    [Fact]
    public void Halves_the_rate_once_for_requests_that_were_under_way_together()
    {
        var answers = new Queue<TaskCompletionSource<HttpResponseMessage>>([new(), new()]);
        var (first, second) = (answers.ElementAt(0), answers.ElementAt(1));
        using var connector = Connector(_ => answers.Dequeue().Task);
        var losant = connector.Connect(Account(10));

        time.Run(async () =>
        {
            var calls = new[] { Release(losant), Release(losant) };
            time.Advance(Second);
            first.SetResult(await Throttled());
            time.Advance(Second);
            second.SetResult(await Throttled());
            return await Task.WhenAll(calls);
        });

        Assert.Equal(5, losant.RequestsPerSecond);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public void Holds_back_every_call_of_the_token_as_long_as_losant_asks(int status)
    {
        var answers = 0;
        using var connector = Connector(async _ =>
        {
            if (++answers > 1)
            {
                return Script.Status(404);
            }

            var answer = await Throttled(40);
            answer.StatusCode = (System.Net.HttpStatusCode)status;
            return answer;
        });
        var losant = connector.Connect(Account(10));
        var other = connector.Connect(Account(10) with { ApplicationId = Script.Flow });

        time.Run(() => Release(losant));
        Assert.Equal(TimeSpan.FromSeconds(40), losant.HeldFor);
        Assert.Equal(TimeSpan.FromSeconds(40), other.HeldFor);

        time.Run(() => Find(other));
        Assert.Equal([0, 40], starts.Select(start => start.TotalSeconds));
        Assert.Null(losant.HeldFor);
    }

    [Fact]
    public void Says_how_long_to_wait_when_a_release_finds_no_room()
    {
        using var connector = Connector(_ => Throttled(40));
        var losant = connector.Connect(Account(10));
        time.Run(() => Release(losant));

        var answer = time.Run(() => Release(losant));

        Assert.Equal(ReleaseAnswerKind.Refused, answer.Kind);
        Assert.Equal(TimeSpan.FromSeconds(30), answer.Error!.RetryAfter);
        Assert.Single(starts);
    }

    [Fact]
    public void Starts_the_next_request_although_its_turn_came_while_it_lined_up()
    {
        for (var drift = 1; drift <= 100; drift++)
        {
            using var connector = Connector();
            var losant = connector.Connect(Account(2));
            time.Drift = TimeSpan.FromMilliseconds(drift);
            for (var call = 0; call < 20; call++)
            {
                time.Run(() => Find(losant));
            }
        }

        Assert.Equal(2000, starts.Count);
    }
}

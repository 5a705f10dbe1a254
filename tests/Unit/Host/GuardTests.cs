using System.Text.Json;
using EdgeRelease.Host;
using EdgeRelease.Kubernetes;
using EdgeRelease.Tests.Unit.Losant;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeRelease.Tests.Unit.Host;

/// <summary>Metrics behind the API server's reviews, when many ask at once (S13).</summary>
public sealed class GuardTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly MetricsGuard _guard;
    private int _reviews;
    private TaskCompletionSource? _stuck;

    public GuardTests() => _guard = new MetricsGuard(AnswerAsync, _time, NullLogger.Instance);

    public void Dispose() => _guard.Dispose();

    [Fact]
    public async Task Lets_a_known_token_in_for_a_minute_without_asking_again()
    {
        Assert.Equal(200, await AskAsync("good"));
        Assert.Equal(200, await AskAsync("good"));
        Assert.Equal(2, _reviews);

        _time.Advance(MetricsGuard.Known);

        Assert.Equal(200, await AskAsync("good"));
        Assert.Equal(4, _reviews);
    }

    [Fact]
    public async Task Asks_each_time_about_a_token_that_was_not_let_in()
    {
        Assert.Equal(401, await AskAsync("bad"));
        Assert.Equal(401, await AskAsync("bad"));

        Assert.Equal(2, _reviews);
    }

    [Fact]
    public async Task Answers_503_to_whom_it_has_no_place_for_and_still_lets_a_known_token_in()
    {
        await AskAsync("good");
        _stuck = new TaskCompletionSource();
        var waiting = Enumerable
            .Range(0, MetricsGuard.MostRequests)
            .Select(number => AskAsync($"nonsense {number}"))
            .ToList();

        Assert.Equal(503, await AskAsync("one too many"));
        Assert.Equal(200, await AskAsync("good"));
        Assert.Equal(2 + MetricsGuard.MostReviews, _reviews);

        _stuck.SetResult();
        Assert.All(await Task.WhenAll(waiting), status => Assert.Equal(401, status));
        Assert.Equal(401, await AskAsync("there is room again"));
    }

    [Fact]
    public async Task Has_a_place_for_who_was_let_in_lately_while_others_send_nonsense()
    {
        await AskAsync("good");
        _time.Advance(2 * MetricsGuard.Known);
        _stuck = new TaskCompletionSource();
        var waiting = Enumerable.Range(0, MetricsGuard.MostRequests).Select(number => AskAsync($"{number}")).ToList();

        var asked = AskAsync("good");

        Assert.False(asked.IsCompleted);
        _stuck.SetResult();
        Assert.Equal(200, await asked);
        await Task.WhenAll(waiting);
    }

    private Task<int> AskAsync(string token) =>
        _guard.StatusAsync($"Bearer {token}", TestContext.Current.CancellationToken);

    private async Task<JsonElement> AnswerAsync(ResourceKind kind, JsonElement review, CancellationToken cancel)
    {
        Interlocked.Increment(ref _reviews);
        if (_stuck is { } stuck)
        {
            await stuck.Task;
        }

        var isGood =
            kind.Plural == "subjectaccessreviews"
            || review.GetProperty("spec").GetProperty("token").GetString() == "good";
        using var answer = JsonDocument.Parse(
            isGood
                ? """{"status": {"authenticated": true, "allowed": true, "user": {"username": "prometheus"}}}"""
                : """{"status": {"authenticated": false}}"""
        );
        return answer.RootElement.Clone();
    }
}

using Xunit;
using static EdgeRelease.Tests.Unit.Losant.Calls;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>A call goes on and ends on the thread that completes or cancels what it waits for.</summary>
public sealed class ContinuationTests
{
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
}

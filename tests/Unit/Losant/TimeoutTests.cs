using EdgeRelease.Losant;
using Xunit;
using static EdgeRelease.Tests.Unit.Losant.Calls;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>An attempt ends after ten seconds, whatever it waits for.</summary>
public sealed class TimeoutTests
{
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

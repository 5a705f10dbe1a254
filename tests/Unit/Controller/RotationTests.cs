using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>A Secret is read anew for each pass: a token that was replaced is not sent again. It is replaced between two
/// passes, because one that has begun ends with what it began with.</summary>
public sealed class RotationTests
{
    private const int Rotations = 100;

    [Fact]
    public void Sends_no_call_with_an_old_token_through_100_rotations_of_a_rollout()
    {
        var random = new Random(7);
        using var bench = new Bench();
        bench.Add(200);
        bench.Apply("{'version':'v2','rollout':{'ramp':{'start':1,'factor':2}},'limits':{'maxUnavailable':'5%'}}");
        bench.Start();
        bench.Until(() => bench.Posts.Count > 0);
        var token = bench.Losant.FindToken("token")!;

        for (var number = 1; number <= Rotations; number++)
        {
            bench.Until(() => bench.Time.Now - bench.Requests.Last().At > TimeSpan.FromSeconds(1));
            token.Rotate($"token-{number}");
            bench.GiveToken($"token-{number}");
            bench.Run(TimeSpan.FromSeconds(random.Next(1, 15)));
        }

        bench.Until(Phase.Complete);
        Assert.DoesNotContain(bench.Requests, request => request.Status is 401 or 403);
        Assert.True(bench.Posts.Count > 20, $"only {bench.Posts.Count} calls: they did not spread over the rotations");
        Assert.Equal(200, bench.Desired("v2"));
    }
}

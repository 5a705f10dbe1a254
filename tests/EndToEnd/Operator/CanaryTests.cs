using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>A token, and what a hostile server says, stand in nothing that people read.</summary>
public sealed class CanaryTests(ControlPlaneFixture controlPlane, ITestOutputHelper output)
{
    /// <summary>With characters that each way of writing escapes in its own way.</summary>
    private const string Token = "k9+canary/5f2c\"b<&>7'\\a=e";

    [Fact]
    public async Task Appear_in_no_log_metric_Event_or_object_whatever_Losant_answers()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, 10, token: Token);
        using var hostile = new HostileLosant(stage.Losant.Url, Token);
        await stage.KubectlAsync("create", "secret", "generic", "losant", $"--from-literal=token={Token}");
        await stage.ApplyAsync(Manifests.Application(hostile.Url, stage.Losant.ApplicationId));
        var started = await stage.StartOperatorAsync("--log-level=Trace");
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));

        await Eventually.HoldsAsync(
            () => HostileLosant.Ways.All(way => hostile.Given.GetValueOrDefault(way) >= 2),
            TimeSpan.FromMinutes(3)
        );
        hostile.IsHostile = false;
        await stage.UntilPhaseAsync("Complete", seconds: 180);

        var read = string.Join(
            '\n',
            [
                .. started.Child.Lines,
                await started.ScrapeAsync(),
                await stage.KubectlAsync("get", "er,losantapplication,edgereleaserevision", "-o", "yaml"),
                await stage.KubectlAsync("get", "events", "-o", "json"),
            ]
        );
        output.WriteLine(string.Join(' ', hostile.Given.Select(pair => $"{pair.Key}:{pair.Value}")));
        Assert.Contains("cannot", read, StringComparison.Ordinal); // the faults were told
        Assert.All(
            HostileLosant.Forms(Token),
            form => Assert.DoesNotContain(form, read, StringComparison.OrdinalIgnoreCase)
        );
        Assert.DoesNotContain("upstream-says", read, StringComparison.OrdinalIgnoreCase);
    }
}

using EdgeRelease.Host;
using EdgeRelease.Tests.Unit.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Unit.Host;

/// <summary>What <c>helm test</c> runs.</summary>
public sealed class ProbeTests
{
    [Theory]
    [InlineData(200, 0, "")]
    [InlineData(503, 1, "cannot reach ")]
    public async Task Says_whether_every_address_answers(int status, int code, string said)
    {
        using var server = new LoopbackServer(head =>
            LoopbackServer.Json(head.StartsWith("GET /readyz", StringComparison.Ordinal) ? status : 200, "{}")
        );
        using var error = new StringWriter();
        Uri[] addresses = [new(server.Server, "/metrics"), new(server.Server, "/readyz")];

        Assert.Equal(code, await Probe.RunAsync(addresses, error, TestContext.Current.CancellationToken));
        Assert.StartsWith(said, error.ToString(), StringComparison.Ordinal);
        Assert.Equal(code == 0, error.ToString().Length == 0);
    }

    [Fact]
    public async Task Names_the_address_that_nobody_listens_on()
    {
        Uri closed;
        using (var server = new LoopbackServer(_ => null))
        {
            closed = server.Server;
        }

        using var error = new StringWriter();

        Assert.Equal(1, await Probe.RunAsync([closed], error, TestContext.Current.CancellationToken));
        Assert.Contains(closed.ToString(), error.ToString(), StringComparison.Ordinal);
    }
}

using System.Net;
using EdgeRelease.Host;
using Xunit;

namespace EdgeRelease.Tests.Unit.Host;

/// <summary>How the process begins.</summary>
public sealed class LifetimeTests
{
    [Fact]
    public async Task Ends_with_1_when_the_kubeconfig_cannot_be_read()
    {
        var settings = new HostSettings
        {
            Kubeconfig = "/nowhere/kubeconfig",
            Namespaces = [],
            LosantHosts = [],
            Metrics = new IPEndPoint(IPAddress.Loopback, 0),
            Health = new IPEndPoint(IPAddress.Loopback, 0),
        };

        Assert.Equal(1, await Lifetime.RunAsync(settings, TestContext.Current.CancellationToken));
    }

    /// <summary>Kubernetes kills a pod 30 s after it told it to end.</summary>
    [Fact]
    public void Ends_before_Kubernetes_loses_its_patience() =>
        Assert.InRange(Lifetime.Grace, TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(24));
}

using EdgeRelease.Losant;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>A token goes to the hosts of the operator's list and nowhere else, however the URL is written and whatever a
/// name resolves to.</summary>
public sealed class AddressTests
{
    /// <summary>This machine, the cloud's metadata and strangers, in the ways in which an address can be written.</summary>
    private static readonly string[] Hosts =
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::ffff:127.0.0.1]",
        "[::]",
        "0",
        "0.0.0.0",
        "①②⑦.⓪.⓪.①",
        "169.254.169.254",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "evil.example.org",
        "аpi.losant.com",
    ];

    /// <summary>What surrounds it, to look like the host of the list.</summary>
    private static readonly string[] Shapes =
    [
        "https://{0}:{1}",
        "http://{0}:{1}",
        "https://{0}:{1}/api.losant.com",
        "https://{0}:{1}/..//api.losant.com/",
        "https://{0}:{1}?host=api.losant.com",
        "https://{0}:{1}#api.losant.com",
        "https://{0}:{1}#@api.losant.com",
        "https://{0}:{1}\\@api.losant.com",
        "https:\\\\{0}:{1}\\api.losant.com",
        "https://api.losant.com@{0}:{1}",
        "https://api.losant.com:443@{0}:{1}",
        "https://api.losant.com%2f@{0}:{1}",
        "https://api.losant.com%00.{0}:{1}",
        "https://api.losant.com.{0}:{1}",
        "https:{0}:{1}",
        "//{0}:{1}",
        "\t https://{0}:{1}",
        "javascript://api.losant.com/%0a{0}:{1}",
    ];

    [Fact]
    public async Task Connects_to_none_of_300_URLs_that_name_another_host()
    {
        await using var sentinel = new RawServer(null);
        var urls = Shapes
            .SelectMany(shape =>
                Hosts.Select(host =>
                    shape
                        .Replace("{0}", host, StringComparison.Ordinal)
                        .Replace("{1}", $"{sentinel.Port}", StringComparison.Ordinal)
                )
            )
            .ToList();
        using var connector = new LosantConnector(new LosantOptions());

        Assert.True(urls.Count >= 300, $"only {urls.Count} URLs");
        Assert.All(
            urls,
            url =>
            {
                var error = Assert.Throws<LosantException>(() => connector.Connect(Script.Account(url)));
                Assert.Equal((ErrorKind.Terminal, LosantReason.HostNotAllowed), (error.Kind, error.Reason));
                Assert.DoesNotContain("evil", error.Message, StringComparison.Ordinal);
            }
        );
        Assert.Equal(0, sentinel.Connections);
    }

    /// <summary>The check that a name cannot evade: what it resolves to when the connection is made.</summary>
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    public async Task Connects_to_no_address_that_Losant_cannot_have_though_its_host_is_on_the_list(string address)
    {
        await using var sentinel = new RawServer(null);
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        var listed = new Uri($"https://{host}").IdnHost;
        using var connector = new LosantConnector(new LosantOptions { AllowedHosts = [listed], LimitsRate = false });
        var losant = connector.Connect(Script.Account($"https://{host}:{sentinel.Port}"));

        var answer = await losant.ReleaseAsync(
            new ReleaseOrder(Script.Flow, "v2", [Rows.DeviceId(1)]),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ReleaseAnswerKind.Refused, answer.Kind);
        Assert.Contains("ConnectionError", answer.Error!.Message, StringComparison.Ordinal);
        Assert.Equal(0, sentinel.Connections);
    }
}

using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

public sealed class ConnectorTests
{
    private static LosantConnector Connector(params string[] allowedHosts) =>
        new(new LosantOptions { AllowedHosts = allowedHosts, PrimaryHandler = _ => Script.Of() });

    private static LosantException Refusal(LosantConnector connector, LosantAccount account)
    {
        using (connector)
        {
            return Assert.Throws<LosantException>(() => connector.Connect(account));
        }
    }

    [Fact]
    public void Gives_equal_accounts_one_connection()
    {
        using var connector = Connector("api.losant.com");

        Assert.Same(connector.Connect(Script.Account()), connector.Connect(Script.Account()));
    }

    [Fact]
    public void Gives_one_connection_to_an_account_that_is_spelled_in_two_ways()
    {
        using var connector = Connector("api.losant.com");
        var spelled = new LosantAccount(
            "https://API.losant.com:443/",
            Script.Application.ToUpperInvariant(),
            Script.Token,
            null,
            5
        );

        Assert.Same(connector.Connect(Script.Account()), connector.Connect(spelled));
    }

    [Fact]
    public void Gives_another_connection_when_anything_of_the_account_changes()
    {
        using var connector = Connector("api.losant.com");
        var account = Script.Account();
        LosantAccount[] accounts =
        [
            account,
            account with
            {
                Token = "another",
            },
            account with
            {
                CaPem = "pem",
            },
            account with
            {
                ApiUrl = "https://api.losant.com:8443",
            },
            account with
            {
                ApplicationId = Script.Flow,
            },
            account with
            {
                RequestsPerSecond = 6,
            },
        ];

        Assert.Equal(6, accounts.Select(connector.Connect).Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Drops_a_connection_that_nobody_asked_for_in_a_quarter_of_an_hour()
    {
        var time = new ManualTime();
        using var connector = new LosantConnector(new LosantOptions { Time = time, PrimaryHandler = _ => Script.Of() });
        var used = connector.Connect(Script.Account());
        var idle = connector.Connect(Script.Account() with { Token = "old" });

        time.Advance(TimeSpan.FromMinutes(10));
        Assert.Same(used, connector.Connect(Script.Account()));
        time.Advance(TimeSpan.FromMinutes(10));

        Assert.Same(used, connector.Connect(Script.Account()));
        Assert.NotSame(idle, connector.Connect(Script.Account() with { Token = "old" }));
    }

    [Theory]
    [InlineData("https://api.losant.com")]
    [InlineData("https://api.losant.com/")]
    [InlineData("https://API.Losant.com:443")]
    [InlineData("https://losant.example.org/api/")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://[::1]:8080")]
    public void Takes_a_url_that_is_https_or_loopback_on_the_list(string url)
    {
        using var connector = Connector("api.losant.com", "losant.example.org", "localhost", "127.0.0.1", "::1");

        Assert.NotNull(connector.Connect(Script.Account(url)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("api.losant.com")]
    [InlineData("//api.losant.com")]
    [InlineData("http://api.losant.com")]
    [InlineData("ftp://api.losant.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ws://localhost")]
    [InlineData("https://api.losant.com.evil.org")]
    [InlineData("https://evil.org/api.losant.com")]
    [InlineData("https://evil.org#api.losant.com")]
    [InlineData("https://evil.org\\@api.losant.com")]
    [InlineData("https://api.losant.com@evil.org")]
    [InlineData("https://evil.org@api.losant.com")]
    [InlineData("https://user:pw@api.losant.com")]
    [InlineData("https://api.losant.com?x=1")]
    [InlineData("https://api.losant.com#x")]
    [InlineData("https://api.losant.com.")]
    [InlineData("https://api.lоsant.com")]
    [InlineData("https://xapi.losant.com")]
    [InlineData("https://169.254.169.254")]
    [InlineData("https://10.0.0.1")]
    [InlineData("https://127.0.0.1")]
    [InlineData("http://127.0.0.2")]
    [InlineData("http://2130706433")]
    [InlineData("http://[::ffff:127.0.0.1]")]
    public void Refuses_every_other_url(string url)
    {
        var error = Refusal(Connector("api.losant.com", "localhost"), Script.Account(url));

        Assert.Equal((ErrorKind.Terminal, LosantReason.HostNotAllowed), (error.Kind, error.Reason));
    }

    [Fact]
    public void Refuses_http_to_a_listed_host_that_is_not_this_machine() =>
        Assert.Equal(
            LosantReason.HostNotAllowed,
            Refusal(Connector("losant.example.org"), Script.Account("http://losant.example.org")).Reason
        );

    [Theory]
    [InlineData("")]
    [InlineData("plant")]
    [InlineData("../575ec8687ae143cd83dc4a97")]
    public void Refuses_an_application_id_that_is_none(string id) =>
        Assert.Equal(
            (ErrorKind.Terminal, LosantReason.RequestRefused),
            KindOf(Refusal(Connector("api.losant.com"), Script.Account() with { ApplicationId = id }))
        );

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Refuses_a_rate_that_is_none(double rate) =>
        Assert.Equal(
            (ErrorKind.Terminal, LosantReason.RequestRefused),
            KindOf(Refusal(Connector("api.losant.com"), Script.Account() with { RequestsPerSecond = rate }))
        );

    [Theory]
    [InlineData("")]
    [InlineData("to ken")]
    [InlineData("token\r\nX-Evil: 1")]
    public void Refuses_a_token_that_is_none_without_repeating_it(string token)
    {
        var error = Refusal(Connector("api.losant.com"), Script.Account() with { Token = token });

        Assert.Equal((ErrorKind.Terminal, LosantReason.CredentialsRejected), KindOf(error));
        Assert.True(token.Length == 0 || !error.ToString().Contains(token, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not a certificate")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    public void Refuses_an_authority_that_is_no_certificate(string pem)
    {
        var connector = new LosantConnector(new LosantOptions());

        Assert.Equal(LosantReason.HostNotAllowed, Refusal(connector, Script.Account() with { CaPem = pem }).Reason);
    }

    [Fact]
    public void Sends_the_headers_and_flags_of_the_api_with_each_request()
    {
        var script = new Script(_ => Script.Json(Rows.Page([], 0)));

        script.Run(losant => losant.ScanDevicesAsync(DeviceClass.EdgeCompute, CancellationToken.None));

        var sent = Assert.Single(script.Requests);
        Assert.Equal($"Bearer {Script.Token}", sent.Headers["Authorization"]);
        Assert.Equal("application/json", sent.Headers["Accept"]);
        Assert.Equal("application/json", sent.Headers["Content-Type"]);
        Assert.Matches(@"^edgerelease/\d+\.\d+\.\d+$", sent.Headers["User-Agent"]);
        Assert.StartsWith("?_actions=false&_links=false&_embedded=false&", sent.Uri.Query, StringComparison.Ordinal);
        Assert.DoesNotContain(Script.Token, sent.Uri.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_the_path_of_the_url()
    {
        var script = new Script(_ => Script.Status(404));
        using var connector = new LosantConnector(new LosantOptions { PrimaryHandler = _ => script });
        var losant = connector.Connect(Script.Account("https://api.losant.com/eu/"));

        Assert.True(losant.FindApplicationAsync(CancellationToken.None).IsCompletedSuccessfully);
        Assert.Equal($"/eu/applications/{Script.Application}", script.Requests[0].Uri.AbsolutePath);
    }

    private static (ErrorKind Kind, LosantReason Reason) KindOf(LosantException error) => (error.Kind, error.Reason);
}

using System.Net.Http.Headers;
using System.Net.Sockets;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

public sealed class ReleaseTests
{
    private static ReleaseOrder Order(int devices = 2, string? version = "v2") =>
        new(Script.Flow, version, [.. Enumerable.Range(1, devices).Select(Rows.DeviceId)]);

    private static ReleaseAnswer Release(Script script, ReleaseOrder? order = null) =>
        script.Run(losant => losant.ReleaseAsync(order ?? Order(), CancellationToken.None));

    [Fact]
    public void Names_flow_version_and_devices_and_nothing_else()
    {
        var script = Script.Of(Script.Status(201, """{"success":true}"""));

        var answer = Release(script);

        Assert.Equal(new ReleaseAnswer(ReleaseAnswerKind.Accepted, null), answer);
        var sent = Assert.Single(script.Requests);
        Assert.Equal(HttpMethod.Post, sent.Method);
        Assert.Equal($"/applications/{Script.Application}/edge/deployments/release", sent.Uri.AbsolutePath);
        Assert.Equal(
            $$"""{"flowId":"{{Script.Flow}}","version":"v2","deviceIds":["{{Rows.Id(1)}}","{{Rows.Id(2)}}"]}""",
            sent.Body
        );
    }

    [Fact]
    public void Writes_null_for_a_removal()
    {
        var script = Script.Of(Script.Status(201));

        Release(script, Order(1, version: null));

        Assert.Contains("\"version\":null", script.Requests[0].Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Escapes_a_version_that_looks_like_json()
    {
        var script = Script.Of(Script.Status(201));

        Release(script, Order(1, version: "\",\"deviceTags\":[{}],\"x\":\"\n"));

        using var body = System.Text.Json.JsonDocument.Parse(script.Requests[0].Body);
        Assert.Equal(
            ["flowId", "version", "deviceIds"],
            body.RootElement.EnumerateObject().Select(member => member.Name)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Refuses_an_order_for_no_device_or_too_many_before_the_wire(int devices)
    {
        var script = Script.Of();

        Assert.Throws<ArgumentException>(() => Release(script, Order(devices)));
        Assert.Empty(script.Requests);
    }

    [Fact]
    public void Takes_an_order_for_a_thousand_devices() =>
        Assert.Equal(ReleaseAnswerKind.Accepted, Release(Script.Of(Script.Status(201)), Order(1000)).Kind);

    [Fact]
    public void Refuses_a_flow_id_that_is_none_before_the_wire() =>
        Assert.Throws<ArgumentException>(() => Release(Script.Of(), Order() with { FlowId = "pump" }));

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("{\"succ")]
    public void Takes_a_201_for_an_acceptance_whatever_its_body(string body) =>
        Assert.Equal(ReleaseAnswerKind.Accepted, Release(Script.Of(Script.Status(201, body))).Kind);

    [Theory]
    [InlineData(200, ReleaseAnswerKind.Unknown, ErrorKind.Transient, LosantReason.Unreadable)]
    [InlineData(302, ReleaseAnswerKind.Unknown, ErrorKind.Terminal, LosantReason.RequestRefused)]
    [InlineData(400, ReleaseAnswerKind.Refused, ErrorKind.Terminal, LosantReason.RequestRefused)]
    [InlineData(401, ReleaseAnswerKind.Refused, ErrorKind.Terminal, LosantReason.CredentialsRejected)]
    [InlineData(403, ReleaseAnswerKind.Refused, ErrorKind.Terminal, LosantReason.CredentialsRejected)]
    [InlineData(404, ReleaseAnswerKind.Refused, ErrorKind.Terminal, LosantReason.NotFound)]
    [InlineData(405, ReleaseAnswerKind.Refused, ErrorKind.Terminal, LosantReason.RequestRefused)]
    [InlineData(408, ReleaseAnswerKind.Unknown, ErrorKind.Transient, LosantReason.Unreachable)]
    [InlineData(429, ReleaseAnswerKind.Refused, ErrorKind.Waiting, LosantReason.Throttled)]
    [InlineData(500, ReleaseAnswerKind.Unknown, ErrorKind.Transient, LosantReason.Unreachable)]
    [InlineData(504, ReleaseAnswerKind.Unknown, ErrorKind.Transient, LosantReason.Unreachable)]
    public void Says_what_each_status_tells(
        int status,
        ReleaseAnswerKind kind,
        ErrorKind errorKind,
        LosantReason reason
    )
    {
        var answer = Release(Script.Of(Script.Status(status)));

        Assert.Equal((kind, errorKind, reason), (answer.Kind, answer.Error!.Kind, answer.Error.Reason));
        Assert.Equal(status, answer.Error.Status);
    }

    [Fact]
    public void Says_that_a_404_does_not_tell_what_is_missing()
    {
        var answer = Release(Script.Of(Script.Status(404, """{"type":"NotFound","message":"Flow was not found"}""")));

        Assert.Equal(
            $"cannot release version 'v2' of flow {Script.Flow} to 2 devices: HTTP 404 NotFound: "
                + "the application, the flow or the version, Losant does not say which",
            answer.Error!.Message
        );
    }

    [Fact]
    public void Gives_the_wait_that_a_429_asks_for()
    {
        var throttled = Script.Status(429);
        throttled.Headers.RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(7));

        Assert.Equal(TimeSpan.FromSeconds(7), Release(Script.Of(throttled)).Error!.RetryAfter);
    }

    [Theory]
    [InlineData(HttpRequestError.ConnectionError, ReleaseAnswerKind.Refused)]
    [InlineData(HttpRequestError.NameResolutionError, ReleaseAnswerKind.Refused)]
    [InlineData(HttpRequestError.SecureConnectionError, ReleaseAnswerKind.Refused)]
    [InlineData(HttpRequestError.ResponseEnded, ReleaseAnswerKind.Unknown)]
    [InlineData(HttpRequestError.Unknown, ReleaseAnswerKind.Unknown)]
    public void Knows_whether_it_left(HttpRequestError cause, ReleaseAnswerKind kind)
    {
        var script = new Script(
            Task<HttpResponseMessage> (_) => throw new HttpRequestException(cause, "failed", new SocketException())
        );

        var answer = Release(script);

        Assert.Equal((kind, ErrorKind.Transient), (answer.Kind, answer.Error!.Kind));
    }

    [Fact]
    public void Never_left_when_connecting_took_too_long()
    {
        var script = new Script(
            Task<HttpResponseMessage> (_) => throw new TaskCanceledException("", new TimeoutException())
        );

        Assert.Equal(ReleaseAnswerKind.Refused, Release(script).Kind);
        Assert.Equal("network", Assert.Single(script.Observed).Outcome);
    }

    [Fact]
    public void Does_not_know_the_outcome_when_cancelled_after_sending()
    {
        using var cancel = new CancellationTokenSource();
        var script = new Script(_ =>
        {
            cancel.Cancel();
            return new TaskCompletionSource<HttpResponseMessage>().Task;
        });

        var answer = script.Run(losant => losant.ReleaseAsync(Order(), cancel.Token));

        Assert.Equal((ReleaseAnswerKind.Unknown, ErrorKind.Transient), (answer.Kind, answer.Error!.Kind));
    }

    [Fact]
    public void Throws_when_cancelled_before_sending()
    {
        var script = Script.Of();

        Assert.ThrowsAny<OperationCanceledException>(() =>
            script.Run(losant => losant.ReleaseAsync(Order(), new CancellationToken(canceled: true)))
        );
        Assert.Empty(script.Requests);
    }
}

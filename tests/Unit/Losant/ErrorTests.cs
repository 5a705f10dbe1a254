using System.Text;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

public sealed class ErrorTests
{
    private static Task<IReadOnlyList<DeviceRow>> Scan(ILosant losant) =>
        losant.ScanDevicesAsync(DeviceClass.EdgeCompute, CancellationToken.None);

    [Theory]
    [InlineData(301, ErrorKind.Terminal, LosantReason.RequestRefused)]
    [InlineData(400, ErrorKind.Terminal, LosantReason.RequestRefused)]
    [InlineData(401, ErrorKind.Terminal, LosantReason.CredentialsRejected)]
    [InlineData(403, ErrorKind.Terminal, LosantReason.CredentialsRejected)]
    [InlineData(404, ErrorKind.Terminal, LosantReason.NotFound)]
    [InlineData(405, ErrorKind.Terminal, LosantReason.RequestRefused)]
    [InlineData(413, ErrorKind.Terminal, LosantReason.RequestRefused)]
    [InlineData(422, ErrorKind.Terminal, LosantReason.RequestRefused)]
    [InlineData(408, ErrorKind.Transient, LosantReason.Unreachable)]
    [InlineData(429, ErrorKind.Waiting, LosantReason.Throttled)]
    [InlineData(500, ErrorKind.Transient, LosantReason.Unreachable)]
    [InlineData(502, ErrorKind.Transient, LosantReason.Unreachable)]
    [InlineData(503, ErrorKind.Transient, LosantReason.Unreachable)]
    [InlineData(504, ErrorKind.Transient, LosantReason.Unreachable)]
    [InlineData(204, ErrorKind.Transient, LosantReason.Unreadable)]
    public void Sorts_each_status_into_its_kind(int status, ErrorKind kind, LosantReason reason)
    {
        var error = new Script(_ => Script.Status(status)).Fail(Scan);

        Assert.Equal((kind, reason), (error.Kind, error.Reason));
        Assert.Equal(status == 204 ? null : status, error.Status);
    }

    [Fact]
    public void Names_the_type_of_an_error_from_the_known_list()
    {
        var error = Script.Of(Script.Status(403, """{"message":"no","type":"Forbidden"}""")).Fail(Scan);

        Assert.Equal($"cannot read devices of application {Script.Application}: HTTP 403 Forbidden", error.Message);
    }

    [Theory]
    [InlineData("""{"type":"Evil\nrm -rf","message":"secret"}""")]
    [InlineData("""{"type":{"type":"Forbidden"},"message":"secret"}""")]
    [InlineData("""["Forbidden"]""")]
    [InlineData("<html>Forbidden</html>")]
    [InlineData("""{"type":"Forb""")]
    [InlineData("")]
    public void Repeats_nothing_else_of_an_error(string body)
    {
        var error = Script.Of(Script.Status(403, body)).Fail(Scan);

        Assert.Equal($"cannot read devices of application {Script.Application}: HTTP 403", error.Message);
    }

    [Fact]
    public void Takes_an_error_by_its_status_when_its_body_breaks()
    {
        var script = new Script(_ =>
        {
            var answer = Script.Status(403);
            answer.Content = new StreamContent(new BrokenStream());
            return answer;
        });

        Assert.Equal(LosantReason.CredentialsRejected, script.Fail(Scan).Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("<html></html>")]
    [InlineData("{}")]
    [InlineData("""{"items":null}""")]
    [InlineData("""{"items":{}}""")]
    [InlineData("""{"items":[1]}""")]
    [InlineData("""{"items":[null]}""")]
    [InlineData("""{"items":[{}]}""")]
    [InlineData("""{"totalCount":0,"items":[],"count":1}""")]
    [InlineData("""{"totalCount":0,"items":[],"count":-1}""")]
    [InlineData("""{"totalCount":0,"items":[],"perPage":0}""")]
    [InlineData("""{"totalCount":0,"items":[],"perPage":"many"}""")]
    [InlineData("""{"items":[],"totalCount":1.5}""")]
    [InlineData("""{"items":[]}""")]
    [InlineData("""{"items":[],"totalCount":null}""")]
    [InlineData("""{"items":[],"totalCount":1}""")]
    [InlineData("""{"items":[],"totalCount":2147483647}""")]
    [InlineData("""{"items":[],"totalCount":0,"perPage":2147483647}""")]
    [InlineData("""{"items":[{"id":"575ecf887ae143cd83dc4aa2"}],"totalCount":0}""")]
    [InlineData("""{"totalCount":0,"items":[]} {"totalCount":0,"items":[]}""")]
    [InlineData("""{"items":[{"id":"575ecf887ae143cd83dc4aa2"}""")]
    [InlineData("""{"items":[{"id":"575ecf887ae143cd83dc4aa"}]}""")]
    [InlineData("""{"items":[{"id":"575ecf887ae143cd83dc4aaz"}]}""")]
    [InlineData("""{"items":[{"id":1}]}""")]
    [InlineData("""{"items":[{"id":null}]}""")]
    [InlineData("""{"items":[{"deviceClass":"edgeCompute"}]}""")]
    public void Takes_a_page_that_it_cannot_read_for_ignorance(string body)
    {
        var error = Script.Of(Script.Json(body)).Fail(Scan);

        Assert.Equal((ErrorKind.Transient, LosantReason.Unreadable), (error.Kind, error.Reason));
    }

    [Theory]
    [InlineData("\"deviceClass\":1")]
    [InlineData("\"edgeAgentVersion\":1")]
    [InlineData("\"edgeAgentVersion\":\"\\ud800\"")]
    [InlineData("\"tags\":{\"ring\":\"a\"}")]
    [InlineData("\"tags\":[\"ring\"]")]
    [InlineData("\"tags\":[{\"key\":\"ring\"}]")]
    [InlineData("\"tags\":[{\"value\":\"a\"}]")]
    [InlineData("\"tags\":[{\"key\":\"ring\",\"value\":1}]")]
    [InlineData("\"connectionInfo\":1")]
    [InlineData("\"connectionInfo\":{\"connected\":true}")]
    [InlineData("\"connectionInfo\":{\"connected\":\"1\"}")]
    [InlineData("\"connectionInfo\":{\"time\":\"yesterday\"}")]
    [InlineData("\"connectionInfo\":{\"time\":5}")]
    public void Takes_no_row_of_a_page_with_one_that_it_cannot_read(string member)
    {
        var page = Rows.Page([Rows.Device(1), Rows.Device(2, "," + member), Rows.Device(3)], 3);

        Assert.Equal(LosantReason.Unreadable, Script.Of(Script.Json(page)).Fail(Scan).Reason);
    }

    [Fact]
    public void Refuses_json_that_is_too_deep()
    {
        var deep = new string('[', 100) + new string(']', 100);
        var page = Rows.Page([Rows.Device(1, $",\"attributes\":{deep}")], 1);

        Assert.Equal(LosantReason.Unreadable, Script.Of(Script.Json(page)).Fail(Scan).Reason);
    }

    [Fact]
    public void Refuses_a_body_of_more_than_16_MiB_without_reading_it_all()
    {
        var stream = new EndlessStream();
        var script = Script.Of(new HttpResponseMessage { Content = new StreamContent(stream) });

        var error = script.Fail(Scan);

        Assert.Equal((ErrorKind.Transient, LosantReason.Unreadable), (error.Kind, error.Reason));
        Assert.InRange(stream.Read, 16 * 1024 * 1024, 33 * 1024 * 1024);
        Assert.Equal("unreadable", Assert.Single(script.Observed).Outcome);
    }

    [Fact]
    public void Reads_a_body_of_almost_16_MiB()
    {
        var padding = new string(' ', (16 * 1024 * 1024) - 1000);
        var page = Rows.Page([Rows.Device(1)], 1) + padding;

        Assert.Single(Script.Of(Script.Json(page)).Run(Scan));
    }

    [Fact]
    public void Takes_a_body_that_breaks_off_for_unreadable()
    {
        var script = new Script(_ => new HttpResponseMessage { Content = new StreamContent(new BrokenStream()) });

        Assert.Equal(LosantReason.Unreadable, script.Fail(Scan).Reason);
        Assert.Equal(4, script.Requests.Count);
    }

    [Fact]
    public void Survives_pages_with_any_byte_changed()
    {
        var page = Encoding.UTF8.GetBytes(
            Rows.Page(
                [Rows.Device(1, ""","tags":[{"key":"a","value":"b\u0041"}],"connectionInfo":{"connected":1}""")],
                1
            )
        );
        for (var place = 0; place < page.Length; place++)
        {
            foreach (var value in new byte[] { 0, (byte)'"', (byte)'{', (byte)'9', (byte)'\\', 0xff })
            {
                var mutant = (byte[])page.Clone();
                mutant[place] = value;
                AnswersOrIsUnreadable(mutant);
            }
        }
    }

    [Fact]
    public void Keeps_the_token_out_of_every_message()
    {
        var echo = $$"""{"type":"{{Script.Token}}","message":"{{Script.Token}}"}""";
        var statuses = new[] { 301, 400, 401, 403, 404, 408, 429, 500 };

        Assert.All(
            statuses,
            status =>
            {
                var script = new Script(_ => Script.Status(status, echo));
                Assert.DoesNotContain(Script.Token, script.Fail(Scan).ToString(), StringComparison.Ordinal);
            }
        );
        var failing = new Script(Task<HttpResponseMessage> (_) => throw new HttpRequestException(Script.Token));
        Assert.DoesNotContain(Script.Token, failing.Fail(Scan).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(Script.Token, Script.Account().ToString(), StringComparison.Ordinal);
    }

    private static void AnswersOrIsUnreadable(byte[] body)
    {
        var script = new Script(_ => new HttpResponseMessage { Content = new ByteArrayContent(body) });
        try
        {
            // A page that became full asks for the next one, which does not rise.
            script.Run(Scan);
        }
        catch (LosantException error)
        {
            Assert.Equal(LosantReason.Unreadable, error.Reason);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("cut off");
    }

    private sealed class EndlessStream : MemoryStream
    {
        public new long Read { get; private set; }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Read += buffer.Length;
            buffer.Span.Fill((byte)' ');
            return ValueTask.FromResult(buffer.Length);
        }
    }
}

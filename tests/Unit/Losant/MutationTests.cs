using System.Net;
using System.Text;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>Whatever bytes come, a call ends with an answer or with a documented error: no other exception, no hang, no
/// token in a message.</summary>
public sealed class MutationTests
{
    private const int Mutations = 4000;

    private static readonly string[] Insertions =
    [
        "null",
        "{}",
        "[]",
        "-1",
        "1e999",
        "99999999999999999999999999",
        "\"\\ud800\"",
        "\"\u202e\"",
        "\0",
        ",",
        "}]",
        "true",
        $"\"{Script.Token}\"",
        new string('[', 200),
        string.Concat(Enumerable.Repeat("{\"a\":", 200)),
        $"\"{new string('x', 70_000)}\"",
    ];

    private static readonly string[] Pages =
    [
        Rows.Page(
            [
                Rows.Device(
                    1,
                    ",\"name\":\"a\",\"edgeAgentVersion\":\"1.2.3\",\"tags\":[{\"key\":\"line\",\"value\":\"a\"}]"
                ),
                Rows.Device(2, ",\"connectionInfo\":{\"connected\":1,\"time\":\"2026-03-01T12:00:00.000Z\"}"),
            ],
            2
        ),
        Rows.Page(
            [
                Rows.Deployment(1, ",\"desiredVersion\":\"v2\",\"currentVersion\":\"v1\""),
                Rows.Deployment(
                    2,
                    ",\"logs\":[{\"type\":\"error\",\"date\":\"2026-03-01T12:00:00.000Z\",\"message\":\"no\"}]"
                ),
            ],
            2
        ),
        $$"""{"id":"{{Script.Application}}","name":"plant"}""",
        """{"success":true}""",
        """{"type":"Validation","message":"no"}""",
    ];

    private static readonly Func<ILosant, Task<object?>>[] Calls =
    [
        async losant => await losant.FindApplicationAsync(CancellationToken.None),
        async losant => await losant.ScanDevicesAsync(DeviceClass.EdgeCompute, CancellationToken.None),
        async losant => await losant.ScanDeploymentsAsync(Script.Flow, CancellationToken.None),
        async losant => await losant.ChangedDeploymentsAsync(ManualTime.Start, CancellationToken.None),
        async losant => await losant.FindFlowsAsync("pump", CancellationToken.None),
        async losant => await losant.FindVersionAsync(Script.Flow, "v1", CancellationToken.None),
        async losant =>
            await losant.ReleaseAsync(new ReleaseOrder(Script.Flow, "v2", [Rows.DeviceId(1)]), CancellationToken.None),
    ];

    [Fact]
    public void End_with_an_answer_or_a_documented_error()
    {
        var random = new Random(20260301);
        var (answers, errors) = (0, 0);
        for (var number = 0; number < Mutations; number++)
        {
            var status = random.Next(4) == 0 ? random.Next(200, 600) : 200;
            var body = Mutated(Encoding.UTF8.GetBytes(Pages[random.Next(Pages.Length)]), random);
            var script = new Script(_ => new HttpResponseMessage((HttpStatusCode)status)
            {
                Content = new ByteArrayContent(body),
            });
            try
            {
                var call = Calls[number % Calls.Length];
                var answer = script.Run(losant => call(losant));
                NoToken((answer as ReleaseAnswer)?.Error?.ToString());
                answers++;
            }
            catch (LosantException e)
            {
                NoToken(e.ToString());
                errors++;
            }

            // A page that does not end, or a retry that does, would ask for ever.
            Assert.InRange(script.Requests.Count, 1, 50);
        }

        Assert.True(answers > Mutations / 20, $"only {answers} answers");
        Assert.True(errors > Mutations / 4, $"only {errors} errors");
    }

    private static void NoToken(string? text) =>
        Assert.DoesNotContain(Script.Token, text ?? "", StringComparison.Ordinal);

    private static byte[] Mutated(byte[] body, Random random)
    {
        for (var time = random.Next(4); time > 0; time--)
        {
            var at = random.Next(body.Length + 1);
            var until = random.Next(at, Math.Min(at + 30, body.Length) + 1);
            body = random.Next(5) switch
            {
                0 => [.. body[..at], .. body[until..]],
                1 => [.. body[..until], .. body[at..]],
                2 => body[..at],
                3 => [.. body[..at], (byte)random.Next(256), .. body[until..]],
                _ =>
                [
                    .. body[..at],
                    .. Encoding.UTF8.GetBytes(Insertions[random.Next(Insertions.Length)]),
                    .. body[at..],
                ],
            };
        }

        return body;
    }
}

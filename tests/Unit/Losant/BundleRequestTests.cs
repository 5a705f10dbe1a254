using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>What is asked of Losant about one microcontroller: its deployment, a release, an export.</summary>
public sealed class BundleRequestTests
{
    [Fact]
    public void Reads_one_deployment_as_the_row_of_a_flow()
    {
        var script = Script.Of(
            Script.Json(Rows.Bundle(1, ""","currentBundleVersion":"b1","desiredBundleVersion":"b2" """))
        );

        var row = script.Run(losant => losant.FindBundleAsync(Rows.DeviceId(7), Script.Flow, CancellationToken.None));

        Assert.Equal(("b1", "b2"), (row!.Value.Bundle!.Current, row.Value.Bundle.Desired));
        Assert.Equal(
            $"/applications/{Script.Application}/embedded/deployments/{Rows.Id(7)}",
            script.Requests[0].Uri.AbsolutePath
        );
    }

    [Fact]
    public void Takes_a_deployment_that_is_gone_for_none() =>
        Assert.Null(
            Script
                .Of(Script.Status(404))
                .Run(losant => losant.FindBundleAsync(Rows.DeviceId(7), Script.Flow, CancellationToken.None))
        );

    [Fact]
    public void Releases_to_microcontrollers_on_their_own_path()
    {
        var script = Script.Of(Script.Status(201));
        var order = new ReleaseOrder(Script.Flow, "v2", [Rows.DeviceId(1)]) { Class = DeviceClass.Embedded };

        script.Run(losant => losant.ReleaseAsync(order, CancellationToken.None));

        Assert.Equal(
            $"/applications/{Script.Application}/embedded/deployments/release",
            script.Requests[0].Uri.AbsolutePath
        );
        Assert.DoesNotContain("releaseTag", script.Requests[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        202,
        """{"jobQueued":true,"jobId":"clnHvJbyVkOWAZwYAwLP4","success":true}""",
        ReleaseAnswerKind.Accepted,
        "clnHvJbyVkOWAZwYAwLP4"
    )]
    [InlineData(202, "<html>", ReleaseAnswerKind.Accepted, null)]
    [InlineData(429, "", ReleaseAnswerKind.Refused, null)]
    [InlineData(404, "", ReleaseAnswerKind.Refused, null)]
    [InlineData(503, "", ReleaseAnswerKind.Unknown, null)]
    public void Asks_for_an_export_once(int status, string body, ReleaseAnswerKind kind, string? job)
    {
        var script = Script.Of(Script.Json(body, status));
        var order = new ExportOrder(Rows.DeviceId(1), "https://bench.example/hook") { Gzip = true };

        var answer = script.Run(losant => losant.ExportAsync(order, CancellationToken.None));

        Assert.Equal((kind, job), (answer.Kind, answer.JobId));
        var sent = Assert.Single(script.Requests);
        Assert.Equal($"/applications/{Script.Application}/embedded/deployments/export", sent.Uri.AbsolutePath);
        Assert.Equal(
            $$"""{"deviceId":"{{Rows.Id(1)}}","callbackUrl":"https://bench.example/hook","gzip":true}""",
            sent.Body
        );
    }
}

using System.Text.Json;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>The export of a microcontroller's bundle.</summary>
public sealed class EmbeddedExportTests
{
    [Fact]
    public void Queues_the_bundle_of_a_device_and_delivers_it_later()
    {
        var world = new EmbeddedWorld(1);
        var delivered = new List<ExportJob>();
        world.Losant.Delivers = delivered.Add;
        var reply = world.Post("export", $"{{'deviceId':'{world[0].Id}','callbackUrl':'http://bench.example/hook'}}");
        Assert.Equal(202, reply.Status);
        Assert.True(reply.Json.GetProperty("jobQueued").GetBoolean());
        Assert.Empty(delivered);
        world.Pass(20);
        var job = Assert.Single(delivered);
        Assert.Equal(reply.Json.GetProperty("jobId").GetString(), job.Id);
        Assert.Equal(
            (world[0].Id, world[0].Bundle!.State.Desired, "http://bench.example/hook"),
            (job.Device, job.Bundle, job.CallbackUrl)
        );
        Assert.Equal(job, Assert.Single(world.Application.Exports.Delivered));
    }

    [Fact]
    public void Takes_one_export_in_five_minutes()
    {
        var world = new EmbeddedWorld(2);
        Assert.Equal(202, world.Post("export", $"{{'deviceId':'{world[0].Id}'}}").Status);
        world.Pass(299);
        Assert.Equal(429, world.Post("export", $"{{'embeddedDeploymentId':'{world[1].Bundle!.Id}'}}").Status);
        world.Pass(1);
        Assert.Equal(202, world.Post("export", $"{{'embeddedDeploymentId':'{world[1].Bundle!.Id}'}}").Status);
        Assert.Equal(2, world.Application.Exports.Jobs.Count);
    }

    [Theory]
    [InlineData(Tolerance.NotFound, 404)]
    [InlineData(Tolerance.Refuse, 400)]
    public void Answers_an_export_of_nothing_as_the_switch_says(Tolerance tolerance, int status)
    {
        var world = new EmbeddedWorld(1, new LosantUnknowns { ExportWithoutId = tolerance });
        Assert.Equal(status, world.Post("export", null).Status);
        Assert.Equal(404, world.Post("export", $"{{'deviceId':'{new string('0', 24)}'}}").Status);
        Assert.Empty(world.Application.Exports.Jobs);
    }

    [Theory]
    [InlineData("'traceLevel':3", "options.traceLevel must be an enum value")]
    [InlineData("'traceLevel':'1'", "options.traceLevel must be an enum value")]
    [InlineData("'stackSize':1000", "options.stackSize is less than minimum")]
    [InlineData("'stackSize':3000000000", "options.stackSize is more than maximum")]
    [InlineData("'stackSize':1600.5", "options.stackSize is the wrong type")]
    [InlineData("'email':'nobody'", "options.email must be email format")]
    [InlineData("'callbackUrl':'nowhere'", "options.callbackUrl must be uri format")]
    [InlineData("'gzip':1", "options.gzip is the wrong type")]
    [InlineData("'colour':1", "options has additional properties")]
    public void Says_what_is_wrong_with_the_options(string option, string message)
    {
        var world = new EmbeddedWorld(1);
        Assert.Equal(message, world.Post("export", $"{{'deviceId':'{world[0].Id}',{option}}}").Message);
    }

    [Fact]
    public void Lets_a_token_that_only_reads_start_an_export()
    {
        var world = new EmbeddedWorld(1);
        world.Application.AddToken(new TokenSetup("reader") { Scopes = ["all.Application.read"] });
        var headers = new Dictionary<string, string>
        {
            ["Authorization"] = "Bearer reader",
            ["Content-Type"] = "application/json",
        };
        var body = System.Text.Encoding.UTF8.GetBytes($$"""{"deviceId":"{{world[0].Id}}"}""");
        var request = new SimulatedRequest("POST", $"{world.Deployments}/export", "", headers, body);
        Assert.Equal(202, new LosantReply(world.Losant.Handle(request)).Status);
    }
}

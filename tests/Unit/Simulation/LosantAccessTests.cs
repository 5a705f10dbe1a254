using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantAccessTests
{
    private readonly LosantWorld world = new();

    [Fact]
    public void Checks_the_shape_before_the_token()
    {
        var reply = world.Post("release", "{}", token: "nobody");
        Assert.Equal((400, "deployment.flowId is required"), (reply.Status, reply.Message));
    }

    [Fact]
    public void Checks_the_token_before_the_scope()
    {
        world.Application.AddToken(new TokenSetup("old") { Scopes = [], ExpiresAt = world.Losant.Now });
        var reply = world.Get(world.Deployments, token: "old");
        Assert.Equal((401, "Unauthorized", "Access token has expired"), (reply.Status, reply.Type, reply.Message));
    }

    [Fact]
    public void Checks_the_scope_before_what_exists()
    {
        world.Application.AddToken(new TokenSetup("reader") { Scopes = ["all.Application.read"] });
        var body = $$"""{"flowId":"{{new string('0', 24)}}","version":"v1"}""";
        var reply = world.Post("release", body, token: "reader");
        Assert.Equal((403, "Forbidden", "Access is forbidden"), (reply.Status, reply.Type, reply.Message));
        Assert.Equal("Flow was not found", world.Post("release", body).Message);
    }

    [Theory]
    [InlineData("all.Application", true, true)]
    [InlineData("all.Organization.bounded", true, true)]
    [InlineData("all.User.read", true, false)]
    [InlineData("edgeDeployments.*", true, true)]
    [InlineData("edgeDeployments.get", true, false)]
    [InlineData("edgeDeployments.release", false, true)]
    [InlineData("edgeDeployment.get", false, false)]
    [InlineData("all.Device", false, false)]
    public void Allows_what_the_scope_says(string scope, bool lists, bool releases)
    {
        world.Application.AddToken(new TokenSetup("scoped") { Scopes = [scope] });
        Assert.Equal(lists ? 200 : 403, world.Get(world.Deployments, token: "scoped").Status);
        var body = $$"""{"flowId":"{{world.Flow.Id}}","version":"v2","deviceIds":["{{world.Devices[0].Id}}"]}""";
        Assert.Equal(releases ? 201 : 403, world.Post("release", body, token: "scoped").Status);
    }

    [Fact]
    public void Lets_a_device_token_read_devices()
    {
        world.Application.AddToken(new TokenSetup("device") { Scopes = ["all.Device"] });
        Assert.Equal(200, world.Get($"/applications/{world.Application.Id}/devices", token: "device").Status);
    }

    [Fact]
    public void Refuses_an_unknown_token()
    {
        var reply = world.Get(world.Deployments, token: "nobody");
        Assert.Equal((401, "Invalid access token"), (reply.Status, reply.Message));
    }

    [Fact]
    public void Refuses_an_inactive_token()
    {
        world.Losant.FindToken(LosantWorld.Token)!.Active = false;
        Assert.Equal(401, world.Rows().Status);
    }

    [Theory]
    [InlineData(false, 403)]
    [InlineData(true, 401)]
    public void Refuses_a_missing_token_as_the_switch_says(bool unauthorized, int status)
    {
        var other = new LosantWorld(unknowns: new LosantUnknowns { MissingTokenIsUnauthorized = unauthorized });
        Assert.Equal(status, other.Get(other.Deployments, token: null).Status);
    }

    [Theory]
    [InlineData(false, 403)]
    [InlineData(true, 404)]
    public void Refuses_the_token_of_another_application_as_the_switch_says(bool notFound, int status)
    {
        var other = new LosantWorld(unknowns: new LosantUnknowns { WrongApplicationIsNotFound = notFound });
        other.Losant.AddApplication("plant-b").AddToken(new TokenSetup("token-b"));
        Assert.Equal(status, other.Get(other.Deployments, token: "token-b").Status);
    }

    [Fact]
    public void Opens_with_the_new_text_only_after_a_rotation()
    {
        world.Losant.FindToken(LosantWorld.Token)!.Rotate("token-2");
        Assert.Equal(401, world.Rows().Status);
        Assert.Equal(200, world.Get(world.Deployments, token: "token-2").Status);
    }

    [Fact]
    public void Opens_no_more_after_the_end()
    {
        Assert.Equal(200, world.Rows().Status);
        world.Losant.FindToken(LosantWorld.Token)!.Expire();
        Assert.Equal("Access token has expired", world.Rows().Message);
    }

    [Fact]
    public void Limits_the_requests_of_one_token_without_saying_for_how_long()
    {
        var losant = new SimulatedLosant(new SimulationOptions { RequestsPerSecond = 5 });
        var application = losant.AddApplication("plant-a");
        application.AddToken(new TokenSetup("t"));
        SimulatedResponse Ask() =>
            losant.Handle(
                new SimulatedRequest(
                    "GET",
                    $"/applications/{application.Id}",
                    "",
                    new Dictionary<string, string> { ["authorization"] = "Bearer t" },
                    default
                )
            );
        Assert.All(Enumerable.Range(0, 6), _ => Assert.Equal(200, Ask().Status));
        var limited = Ask();
        Assert.Equal(429, limited.Status);
        Assert.False(limited.Headers.ContainsKey("Retry-After"));
        losant.AdvanceTo(losant.Now + TimeSpan.FromSeconds(0.2));
        Assert.Equal(200, Ask().Status);
        Assert.Equal(429, Ask().Status);
    }
}

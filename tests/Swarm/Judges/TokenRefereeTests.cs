using System.Text;
using System.Text.Json.Nodes;
using EdgeRelease.Simulation;
using static EdgeRelease.Tests.Swarm.Judgement;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements on tokens can fail.</summary>
public sealed class TokenRefereeTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 2);

    public void Dispose() => _court.Dispose();

    [Fact]
    public void Finds_nothing_in_a_call_as_it_should_be()
    {
        Assert.Null(_court.Send(1));
        Assert.Null(Found());
    }

    [Fact]
    public void Finds_a_token_in_a_status()
    {
        Assert.Null(_court.Send(1));
        _court.Says(status => status["message"] = $"HTTP 401 for {World.Token}");
        Broken("I17", Found());
    }

    [Fact]
    public void Finds_an_encoded_token_in_a_status()
    {
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes(World.Token));
        Assert.Null(_court.Send(1));
        _court.Says(status => status["message"] = text);
        Broken("I17", Found());
    }

    [Fact]
    public void Finds_a_token_in_a_query()
    {
        Ask(_court.Plant.Application, $"access_token={World.Token}");
        Broken("I17", Found());
    }

    [Fact]
    public void Finds_a_token_at_another_application()
    {
        Ask(_court.Plant.Application, "");
        Ask(_court.World.Losant.AddApplication("another"), "");
        Broken("I16", Found());
    }

    private void Ask(SimulatedApplication application, string query)
    {
        var headers = new Dictionary<string, string> { ["Authorization"] = $"Bearer {World.Token}" };
        _court.World.Losant.Handle(
            new SimulatedRequest("GET", $"/applications/{application.Id}/devices", query, headers, Array.Empty<byte>())
        );
    }

    private string? Found() => Schedule.Broken(new TokenJudge(_court.World).Judge);
}

using System.Text;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>The simulator does not start with what it does not understand.</summary>
public sealed class ServeArgumentTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("""[{"at":"1m"}]""")]
    [InlineData("""[{"set":{}}]""")]
    [InlineData("""[{"at":"99999999999h","set":{}}]""")]
    [InlineData("""[{"at":"1s","set":{"applyLatency":["1s"]}}]""")]
    [InlineData("""[{"at":"1s","fault":"Status418"}]""")]
    public async Task Refuses_a_scenario_that_it_does_not_understand(string scenario) =>
        await Assert.ThrowsAsync<FormatException>(() =>
            SimulationServer.StartAsync(new SimulationServerOptions { Scenario = Encoding.UTF8.GetBytes(scenario) })
        );

    [Theory]
    [InlineData()]
    [InlineData("walk")]
    [InlineData("serve", "--colour", "red")]
    [InlineData("serve", "--port")]
    [InlineData("serve", "--port", "70000")]
    [InlineData("serve", "--devices", "many")]
    [InlineData("serve", "--requests-per-second", "0")]
    [InlineData("serve", "--scenario", "/nowhere/at/all")]
    [InlineData("serve", "--scenario", "/tmp")]
    [InlineData("serve", "--unknowns", "/nowhere/at/all")]
    public async Task Ends_with_2_for_arguments_that_it_does_not_understand(params string[] arguments) =>
        Assert.Equal(2, await ServeCommand.RunAsync(arguments));
}

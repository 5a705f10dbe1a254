using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Crd;

/// <summary>What kubectl shows of the kinds as a real API server serves them.</summary>
public sealed class ServedTests(ControlPlaneFixture controlPlane)
{
    [Theory]
    [InlineData("er")]
    [InlineData("all")]
    [InlineData("losant")]
    public async Task Shows_the_columns_under_its_short_names(string name)
    {
        await using var stage = await Stage.OpenAsync(controlPlane, devices: 1);
        await stage.ApplyAsync(Manifests.Release("v1.4.0"));

        var narrow = await stage.KubectlAsync("get", name);
        var wide = await stage.KubectlAsync("get", name, "-o", "wide");

        string[] columns = ["NAME", "FLOW", "VERSION", "PHASE", "PERCENT", "UPDATED", "FAILED", "READY", "AGE"];
        Assert.Equal(columns, Words(narrow));
        Assert.Equal([.. columns, "STEP", "UNTIL", "APP", "MESSAGE"], Words(wide));
    }

    [Fact]
    public async Task Has_the_defaults_and_an_observed_generation_of_minus_one_from_the_API_server()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, devices: 1);
        await stage.ApplyAsync(Manifests.Release("v1.4.0"));

        var release = (await stage.FindReleaseAsync())!.Value;

        Assert.Equal(-1, release.GetProperty("status").GetProperty("observedGeneration").GetInt32());
        var spec = release.GetProperty("spec");
        Assert.Equal("10%", spec.GetProperty("limits").GetProperty("maxUnavailable").GetString());
        Assert.Equal("ArmWhenProven", spec.GetProperty("health").GetProperty("offline").GetString());
    }

    [Theory]
    [InlineData("edgerelease.spec.health.confirm", "as a duration. Default `2m`")]
    [InlineData("losantapplication.spec.api.requestsPerSecond", "Default `5`")]
    public async Task Explains_a_field_with_its_unit_and_default(string field, string part)
    {
        await Crds.InstallAsync(controlPlane.Kubeconfig);

        await Eventually.HoldsAsync(async () => (await ExplainedAsync(field)).Contains(part, StringComparison.Ordinal));
    }

    /// <summary>What kubectl says of a field; nothing while the API server does not publish a new schema yet.</summary>
    private async Task<string> ExplainedAsync(string field)
    {
        try
        {
            return await controlPlane.KubectlAsync("explain", field);
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static string[] Words(string table) =>
        table.Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

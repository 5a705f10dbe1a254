using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>The bill of materials names what the operator runs on, and nothing that only builds it.</summary>
public sealed class SbomTests
{
    [Fact]
    public async Task Names_every_runtime_package_with_its_version_and_hash()
    {
        var components = (await PrintAsync())["components"]!.AsArray();
        var locked = JsonNode.Parse(Tree.Text("operator/Host/packages.lock.json"))!["dependencies"]!["net10.0"]!;

        Assert.All(
            components.Where(each => !Name(each).EndsWith(".Runtime.linux-x64", StringComparison.Ordinal)),
            each =>
            {
                var known = locked[Name(each)]!;
                Assert.Equal((string?)known["resolved"], (string?)each!["version"]);
                Assert.Equal((string?)known["contentHash"], (string?)each["properties"]![0]!["value"]);
            }
        );
        var direct = Tree
            .Projects.Where(project => !project.EndsWith("Cli.csproj", StringComparison.Ordinal))
            .SelectMany(project => Tree.Includes(project, "PackageReference"))
            .Where(package => !package.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)); // in the runtime
        Assert.Subset(components.Select(Name).ToHashSet(), direct.ToHashSet());
        Assert.Contains("Microsoft.AspNetCore.App.Runtime.linux-x64", components.Select(Name));
        Assert.DoesNotContain("Meziantou.Analyzer", components.Select(Name));
    }

    private static string Name(JsonNode? component) => (string)component!["name"]!;

    private static async Task<JsonNode> PrintAsync()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(Tree.Root, "tests", "sbom.sh")])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return JsonNode.Parse(text)!;
    }
}

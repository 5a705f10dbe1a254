using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Simulation;

/// <summary>The simulated Losant as a process of its own.</summary>
public sealed class ServeCommandTests
{
    [Fact]
    public async Task Prints_where_it_listens_and_ends_with_0_when_asked_to()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "EdgeRelease.Simulation.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, "serve", "--devices", "5", "--token", "t"])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        try
        {
            var line = await process.StandardOutput.ReadLineAsync(Cancel);
            var greeting = JsonElement.Parse(line!);
            using var client = new HttpClient();
            client.DefaultRequestHeaders.Add("Authorization", "Bearer " + greeting.GetProperty("token").GetString());
            var root =
                $"{greeting.GetProperty("url").GetString()}/applications/{greeting.GetProperty("applicationId").GetString()}";
            var rows = await client.GetStringAsync(root + "/edge/deployments", Cancel);
            Assert.Equal(10, JsonElement.Parse(rows).GetProperty("totalCount").GetInt32());
            Assert.Equal("line-monitor", greeting.GetProperty("flows")[0].GetProperty("name").GetString());
            Assert.Equal(3, greeting.GetProperty("flows")[0].GetProperty("versions").GetArrayLength());
            await ControlPlane.RunAsync("kill", ["-TERM", process.Id.ToString()]);
            await process.WaitForExitAsync(Cancel);
            Assert.Equal(0, process.ExitCode);
            Assert.Equal("", await process.StandardOutput.ReadToEndAsync(Cancel));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;
}

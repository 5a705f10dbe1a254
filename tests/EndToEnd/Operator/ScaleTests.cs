using System.Globalization;
using System.Text;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Operator;

public sealed class ScaleTests(ControlPlaneFixture controlPlane, ITestOutputHelper output)
{
    private const int Devices = 20_000;

    /// <summary>Twice what it takes here: a runtime that sees more free memory collects later.</summary>
    private const int MostMebibytes = 600;

    [Fact]
    public async Task Moves_20_000_devices_with_few_calls_and_a_small_status()
    {
        await using var stage = await Stage.OpenAsync(controlPlane, Devices);
        var started = await stage.ConnectAsync("requestsPerSecond: 100, pollActive: 2s, pollIdle: 2s");
        await stage.ApplyAsync(Manifests.Release("v1.4.0", Manifests.AtOnce(100), confirm: "0s"));

        var status = await stage.UntilPhaseAsync("Complete", seconds: 300);

        var figures = Figures.Of(started.Child.Id);
        var record = await stage.Losant.RecordAsync();
        Assert.Equal(Devices, record.Commands.Count(change => change.To == "v1.4.0"));
        Assert.Equal(Devices - 3, record.Changes.Count(change => change is { Field: "current", To: "v1.4.0" }));
        Assert.Equal(Devices - 3, status.Devices("updated"));
        var scans = Scans(record.Requests).ToList();
        Assert.NotEmpty(scans);
        Assert.All(scans, pages => Assert.InRange(pages, 1, 21));
        var size = Encoding.UTF8.GetByteCount(status.Json.GetRawText());
        Assert.InRange(size, 1, 32 * 1024);
        Assert.InRange(figures.PeakMebibytes, 1, MostMebibytes);
        await TellAsync(
            $"{Devices} devices: {figures}, status {size} B, {scans.Count} scans of at most {scans.Max()} pages, {record.Posts.Count()} calls that deploy"
        );
    }

    /// <summary>Pages of each scan that ended: calls of one of the two lists in a row.</summary>
    private static IEnumerable<int> Scans(IEnumerable<Request> requests)
    {
        var (list, pages) = ("", 0);
        foreach (var name in requests.Select(request => request.Path[(request.Path.LastIndexOf('/') + 1)..]))
        {
            if (name is not ("devices" or "deployments"))
            {
                continue;
            }

            if (name != list && pages > 0)
            {
                yield return pages;
                pages = 0;
            }

            list = name;
            pages++;
        }
    }

    private async Task TellAsync(string figures)
    {
        output.WriteLine(figures);
        if (Environment.GetEnvironmentVariable("EDGERELEASE_FIGURES") is { Length: > 0 } file)
        {
            await File.AppendAllTextAsync(file, figures + "\n", TestContext.Current.CancellationToken);
        }
    }
}

/// <summary>What a process has cost so far.</summary>
/// <param name="CpuSeconds">Processor time, user and system.</param>
/// <param name="PeakMebibytes">Most resident memory at any time.</param>
internal sealed record Figures(double CpuSeconds, double PeakMebibytes)
{
    private const double TicksPerSecond = 100;

    public static Figures Of(int process)
    {
        var stat = File.ReadAllText($"/proc/{process}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks =
            long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        var peak = File.ReadLines($"/proc/{process}/status")
            .First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        var kibibytes = long.Parse(
            peak.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture
        );
        return new Figures(ticks / TicksPerSecond, kibibytes / 1024.0);
    }

    public override string ToString() => $"{CpuSeconds:F1} s of CPU, at most {PeakMebibytes:F0} MiB";
}

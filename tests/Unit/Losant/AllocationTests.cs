using System.Text;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>What a page of 1,000 rows as Losant writes them costs in memory. The bounds are several times what was
/// measured, so that they fail when something is made for each row and not when a runtime changes.</summary>
public sealed class AllocationTests(ITestOutputHelper output)
{
    private const int Count = 1000;

    private static readonly byte[] Devices = Encoding.UTF8.GetBytes(
        Rows.Page(
            [
                .. Enumerable
                    .Range(1, Count)
                    .Select(row =>
                        Rows.Device(
                            row,
                            $$""","applicationId":"{{Script.Application}}","name":"device {{row}}","tags":[{"key":"ring","value":"r{{row % 5}}"},{"key":"site","value":"s{{row % 50}}"}],"attributes":[{"name":"temperature","dataType":"number"}],"edgeAgentVersion":"1.39.{{row % 3}}","connectionInfo":{"time":"2026-03-01T10:00:{{row % 60:00}}.000Z","connected":1}"""
                        )
                    ),
            ],
            Count
        )
    );

    private static readonly byte[] Deployments = Encoding.UTF8.GetBytes(
        Rows.Page(
            [
                .. Enumerable
                    .Range(1, Count)
                    .Select(row =>
                        Rows.Deployment(
                            row,
                            $$""","flowName":"pump","currentVersion":"v1","desiredVersion":"v2","currentEtag":"e1","desiredEtag":"e2","lastUpdated":"2026-03-01T10:00:00.000Z","logs":[{"changeType":"desired","date":"2026-03-01T10:00:00.000Z","sourceType":"apiToken","sourceId":"{{Script.Flow}}","newValue":"v2","previousValue":"v1"},{"changeType":"current","date":"2026-03-01T09:00:{{row % 60:00}}.000Z","sourceType":"device","sourceId":"{{Rows.Id(row)}}","newValue":"v1"}]"""
                        )
                    ),
            ],
            Count
        )
    );

    [Fact]
    public void Allocates_little_more_than_the_rows_for_a_page_of_devices()
    {
        var bytes = PerPage(
            Devices,
            losant => losant.ScanDevicesAsync(DeviceClass.EdgeCompute, CancellationToken.None)
        );

        Assert.InRange(bytes, 1, Count * 250);
    }

    [Fact]
    public void Allocates_little_more_than_the_rows_for_a_page_of_deployments()
    {
        var bytes = PerPage(Deployments, losant => losant.ScanDeploymentsAsync(Script.Flow, CancellationToken.None));

        Assert.InRange(bytes, 1, Count * 500);
    }

    /// <summary>What one scan of one page allocates on a connection that has seen it before.</summary>
    private long PerPage<T>(byte[] page, Func<ILosant, Task<T>> scan)
    {
        // The first page is full of rows, so what comes next is asked for once more.
        var empty = Encoding.UTF8.GetBytes(Rows.Page([], 0));
        var last = Encoding.UTF8.GetBytes(Rows.Page([Rows.Deployment(Count)], Count, Count - 1));
        var script = new Script(sent => new HttpResponseMessage
        {
            Content = new ByteArrayContent(
                sent.Query("query").Contains("$gt", StringComparison.Ordinal) ? empty
                : sent.Page > 0 ? last
                : page
            ),
        });
        var losant = script.Connect();
        for (var i = 0; i < 5; i++)
        {
            script.Time.Run(() => scan(losant));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        script.Time.Run(() => scan(losant));
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        output.WriteLine($"{bytes} bytes for a page of {Count} rows, {page.Length} bytes long");
        return bytes;
    }
}

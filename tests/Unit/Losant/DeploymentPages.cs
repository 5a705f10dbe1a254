using EdgeRelease.Losant;
using EdgeRelease.Observation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>A list of deployments as Losant answers it page by page, and its scan.</summary>
internal static class DeploymentPages
{
    public static Task<DeploymentScan> Scan(ILosant losant) =>
        losant.ScanDeploymentsAsync(Script.Flow, CancellationToken.None);

    public static HttpResponseMessage PageOf(IEnumerable<int> rows, Sent sent, int shift = 0)
    {
        var all = rows.ToList();
        var from = (sent.Page * sent.PerPage) + shift;
        return Script.Json(
            Rows.Page(
                [.. all.Skip(from).Take(sent.PerPage).Select(row => Rows.Deployment(row))],
                all.Count,
                sent.PerPage
            )
        );
    }

    public static IEnumerable<DeviceId> Ids(IEnumerable<int> numbers) => numbers.Select(Rows.DeviceId);

    public static void HasAll(IEnumerable<int> rows, DeploymentScan scan) =>
        Assert.Superset(Ids(rows).ToHashSet(), scan.Rows.Select(row => row.Device).ToHashSet());
}

using System.Runtime.InteropServices;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads the rows of a flow, and schedules versions.</summary>
internal sealed class DeploymentCalls(Wire wire, Words words, string application)
{
    // Source: Losant schema edgeDeploymentRelease, deviceIds.maxItems.
    private const int MostDevices = 1000;
    private const int LongestName = 255;

    /// <summary>All rows of a flow, one per device.</summary>
    public async Task<DeploymentScan> ScanAsync(DeviceId flow, CancellationToken cancel)
    {
        var reader = new PageReader<DeploymentRow>(new DeploymentReader(flow).Read, words);
        var scan = await OffsetScan.ReadAsync<DeploymentRow>(
            (page, harvest, cancel) =>
                wire.GetPageAsync(
                    page => PageOf(flow, page),
                    page,
                    (body, size) => reader.Read(body, size, harvest),
                    cancel
                ),
            PageReader.MostRows,
            cancel
        );
        return new DeploymentScan(NewestPerDevice(scan.Rows), scan.IsAccepted);
    }

    /// <summary>Schedules a version on explicit devices, in one attempt.</summary>
    public async Task<ReleaseAnswer> ReleaseAsync(ReleaseOrder order, CancellationToken cancel)
    {
        var call = CallFor(order);
        try
        {
            using var answer = await wire.ExchangeAsync(call, cancel);
            var kind = KindOf((int)answer.StatusCode);
            return new ReleaseAnswer(
                kind,
                kind == ReleaseAnswerKind.Accepted ? null : Failures.FromAnswer(call, answer)
            );
        }
        catch (LosantException failed)
        {
            return new ReleaseAnswer(
                call.MayHaveArrived ? ReleaseAnswerKind.Unknown : ReleaseAnswerKind.Refused,
                failed
            );
        }
        catch (OperationCanceledException) when (call.MayHaveArrived)
        {
            var failed = Failures.Unreachable(call, "cancelled before the answer came");
            return new ReleaseAnswer(ReleaseAnswerKind.Unknown, failed);
        }
    }

    private static ReleaseAnswerKind KindOf(int status) =>
        status switch
        {
            201 => ReleaseAnswerKind.Accepted,
            408 => ReleaseAnswerKind.Unknown,
            >= 400 and < 500 => ReleaseAnswerKind.Refused,
            _ => ReleaseAnswerKind.Unknown,
        };

    private static List<DeploymentRow> NewestPerDevice(List<DeploymentRow> rows)
    {
        var places = new Dictionary<DeviceId, int>(rows.Count);
        var newest = 0;
        for (var i = 0; i < rows.Count; i++)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, rows[i].Device, out var isKnown);
            if (!isKnown)
            {
                place = newest++;
                rows[place] = rows[i];
            }
            else if (rows[i].UpdatedAt >= rows[place].UpdatedAt)
            {
                rows[place] = rows[i];
            }
        }

        rows.RemoveRange(newest, rows.Count - newest);
        return rows;
    }

    private Call CallFor(ReleaseOrder order)
    {
        if (order.Devices.Count is 0 or > MostDevices)
        {
            throw new ArgumentException(
                $"a release names 1 to {MostDevices} devices, not {order.Devices.Count}",
                nameof(order)
            );
        }

        var flow = LosantConnection.IdOf(order.FlowId, nameof(order));
        var what = order.Version is { } version
            ? $"release version '{OneLine.Of(version, LongestName)}'"
            : "release the removal";
        return new Call
        {
            Doing = $"{what} of flow {flow} to {order.Devices.Count} devices",
            Route = "/applications/{applicationId}/edge/deployments/release",
            Target = Queries.Target($"/applications/{application}/edge/deployments/release"),
            Body = Queries.Release(order),
        };
    }

    private Call PageOf(DeviceId flow, PageAsk page) =>
        new()
        {
            Doing = $"read deployments of flow {flow}",
            Route = "/applications/{applicationId}/edge/deployments",
            Target = Queries.Target(
                $"/applications/{application}/edge/deployments",
                ("sortField", "id"),
                ("sortDirection", "asc"),
                ("page", page.Number.ToString()),
                ("perPage", page.Size.ToString()),
                ("flowId", flow.ToString())
            ),
        };
}

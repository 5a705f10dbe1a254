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
        var scan = await AllAsync(
            reader,
            page => ListOf("edge", page, "id", "asc", ("flowId", flow.ToString())),
            cancel
        );
        return new DeploymentScan(NewestPerDevice(scan.Rows), scan.IsAccepted);
    }

    /// <summary>The rows of all flows that changed since an instant.</summary>
    public async Task<DeploymentChanges> ChangedAsync(DateTimeOffset since, CancellationToken cancel)
    {
        var reader = new PageReader<PlacedRow>(new DeploymentReader(flow: null).ReadPlaced, words);
        var recent = new RecentRows<PlacedRow>(
            wire,
            reader.Read,
            row => (row.Id, row.Row.UpdatedAt),
            page => ListOf("edge", page, "lastUpdated", "desc")
        );
        var changed = await recent.ReadAsync(since, cancel);
        return new DeploymentChanges(changed.Rows, changed.TotalCount, changed.IsCertain);
    }

    /// <summary>All bundles of the application as rows of one flow, one per device; also those that do not have it, because
    /// what happens to them concerns it.</summary>
    public async Task<DeploymentScan> ScanBundlesAsync(DeviceId flow, CancellationToken cancel)
    {
        var reader = new PageReader<BundleRow>(new BundleReader([flow]).Read, words);
        var scan = await AllAsync(reader, page => ListOf("embedded", page, "id", "asc"), cancel);
        return new DeploymentScan(NewestPerDevice([.. scan.Rows.Select(row => row.Flows[0])]), scan.IsAccepted);
    }

    /// <summary>The bundles that changed since an instant, as a row for each of some flows.</summary>
    public async Task<DeploymentChanges> ChangedBundlesAsync(
        IReadOnlyList<DeviceId> flows,
        DateTimeOffset since,
        CancellationToken cancel
    )
    {
        var reader = new PageReader<BundleRow>(new BundleReader(flows).Read, words);
        var recent = new RecentRows<BundleRow>(
            wire,
            reader.Read,
            row => (row.Id, row.UpdatedAt),
            page => ListOf("embedded", page, "lastUpdated", "desc")
        );
        var changed = await recent.ReadAsync(since, cancel);
        var placed = changed.Rows.SelectMany(row =>
            row.Flows.Select((deployment, index) => new PlacedRow(row.Id, flows[index], deployment))
        );
        return new DeploymentChanges([.. placed], changed.TotalCount, changed.IsCertain);
    }

    /// <summary>One bundle as the row of a flow; null when Losant has it no longer.</summary>
    public Task<DeploymentRow?> FindBundleAsync(DeviceId deployment, DeviceId flow, CancellationToken cancel) =>
        wire.FindAsync<DeploymentRow?>(
            new Call
            {
                Doing = $"read embedded deployment {deployment}",
                Route = "/applications/{applicationId}/embedded/deployments/{embeddedDeploymentId}",
                Target = Queries.Target($"/applications/{application}/embedded/deployments/{deployment}"),
            },
            body => new BundleReader([flow]).Single(body, words).Flows[0],
            cancel
        );

    /// <summary>Asks for a device's bundle, in one attempt.</summary>
    public async Task<ExportAnswer> ExportAsync(ExportOrder order, CancellationToken cancel)
    {
        var call = new Call
        {
            Doing = $"export the bundle of device {order.Device}",
            Route = "/applications/{applicationId}/embedded/deployments/export",
            Target = Queries.Target($"/applications/{application}/embedded/deployments/export"),
            Body = Queries.Export(order),
            NamesJob = true,
        };
        var (kind, error, body) = await AskAsync(call, 202, cancel);
        return new ExportAnswer(kind, body is null ? null : JobReader.IdIn(body), error);
    }

    /// <summary>Schedules a version on explicit devices, in one attempt.</summary>
    public async Task<ReleaseAnswer> ReleaseAsync(ReleaseOrder order, CancellationToken cancel)
    {
        var (kind, error, _) = await AskAsync(CallFor(order), 201, cancel);
        return new ReleaseAnswer(kind, error);
    }

    /// <summary>All pages of a list.</summary>
    private Task<OffsetScanned<T>> AllAsync<T>(
        PageReader<T> reader,
        Func<PageAsk, Call> callFor,
        CancellationToken cancel
    ) =>
        OffsetScan.ReadAsync<T>(
            (page, harvest, cancel) =>
                wire.GetPageAsync(callFor, page, (body, size) => reader.Read(body, size, harvest), cancel),
            PageReader.MostRows,
            cancel
        );

    /// <summary>Sends a call that changes something, once.</summary>
    private async Task<(ReleaseAnswerKind Kind, LosantException? Error, byte[]? Body)> AskAsync(
        Call call,
        int accepted,
        CancellationToken cancel
    )
    {
        try
        {
            using var answer = await wire.ExchangeAsync(call, cancel);
            var kind = KindOf((int)answer.StatusCode, accepted);
            return kind == ReleaseAnswerKind.Accepted
                ? (kind, null, (answer.Content as BufferedBody)?.Bytes.ToArray())
                : (kind, Failures.FromAnswer(call, answer), null);
        }
        catch (LosantException failed)
        {
            return (call.MayHaveArrived ? ReleaseAnswerKind.Unknown : ReleaseAnswerKind.Refused, failed, null);
        }
        catch (OperationCanceledException) when (call.MayHaveArrived)
        {
            var failed = Failures.Unreachable(call, "cancelled before the answer came");
            return (ReleaseAnswerKind.Unknown, failed, null);
        }
    }

    private static ReleaseAnswerKind KindOf(int status, int accepted) =>
        status switch
        {
            _ when status == accepted => ReleaseAnswerKind.Accepted,
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
        var kind = order.Class == DeviceClass.Embedded ? "embedded" : "edge";
        var what = order.Version is { } version
            ? $"release version '{OneLine.Of(version, LongestName)}'"
            : "release the removal";
        return new Call
        {
            Doing = $"{what} of flow {flow} to {order.Devices.Count} devices",
            Route = $"/applications/{{applicationId}}/{kind}/deployments/release",
            Target = Queries.Target($"/applications/{application}/{kind}/deployments/release"),
            Body = Queries.Release(order),
        };
    }

    private Call ListOf(
        string kind,
        PageAsk page,
        string sortField,
        string sortDirection,
        params (string, string)[] filter
    ) =>
        new()
        {
            Doing =
                $"read {(kind == "edge" ? "" : $"{kind} ")}deployments of "
                + (filter.Length > 0 ? $"flow {filter[0].Item2}" : $"application {application}"),
            Route = $"/applications/{{applicationId}}/{kind}/deployments",
            Target = Queries.Target(
                $"/applications/{application}/{kind}/deployments",
                [
                    ("sortField", sortField),
                    ("sortDirection", sortDirection),
                    ("page", page.Number.ToString()),
                    ("perPage", page.Size.ToString()),
                    .. filter,
                ]
            ),
        };
}

namespace EdgeRelease.Simulation;

/// <summary>One version of one flow to be scheduled.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Version">The version; no name means removal.</param>
/// <param name="By">Who, for the log.</param>
/// <param name="Cause">Who, for the record.</param>
/// <param name="Hidden">How long the rows are still listed as before.</param>
internal sealed record Order(SimulatedFlow Flow, VersionTag Version, LogSource By, Cause Cause, TimeSpan Hidden)
{
    /// <summary>Whether the bundle is built once for this order and others.</summary>
    public bool IsPartOfMore { get; init; }
}

/// <summary>Changes what devices should run.</summary>
internal sealed class Scheduling(SimulatedApplication application)
{
    private SimulatedLosant Losant => application.Losant;

    /// <summary>The version of this name that can be deployed; null when there is none.</summary>
    public SimulatedVersion? Find(SimulatedFlow flow, string name) =>
        flow.FindVersion(name)
        ?? (name == "develop" && Losant.Options.Unknowns.DevelopCanBeReleased ? flow.Develop : null);

    /// <summary>The version's exact name and etag; the given name alone when there is none.</summary>
    public VersionTag TagOf(SimulatedFlow flow, string name) =>
        Find(flow, name) is { } version ? new VersionTag(version.Name, version.Etag) : new VersionTag(name, null);

    /// <summary>Schedules the order on a device. Removing what was never there makes no row.</summary>
    public void Schedule(SimulatedDevice device, Order order)
    {
        var row = device.FindRow(order.Flow);
        if (row?.FileName is not null || (row is null && order.Version.Name is null))
        {
            return;
        }

        var visibleAt = Losant.Now + order.Hidden;
        row ??= Keep(
            new SimulatedRow(Losant.Ids.Next(), device, order.Flow, new History<RowState>(new RowState(), visibleAt))
            {
                CreatedAt = Losant.Stamp,
            }
        );
        var before = row.State;
        var from = new VersionTag(before.Desired, before.DesiredEtag);
        if (from != order.Version || Losant.Options.Unknowns.RepeatedReleaseLogs)
        {
            var entry = new LogEntry(true, Losant.Stamp, order.By, order.Version, from, null);
            var after = before.Logging(entry, Losant.Options.Unknowns.LogRetention) with
            {
                Desired = order.Version.Name,
                DesiredEtag = order.Version.Etag,
                LastUpdated = Losant.Stamp,
            };
            row.Set(after, visibleAt);
        }

        if (from != order.Version)
        {
            Tell(device, order, from);
        }

        if (DeploymentKind.Of(order.Flow) != DeploymentKind.Embedded)
        {
            device.Agent.ApplyLater(row);
        }
        else if (!order.IsPartOfMore)
        {
            application.Bundles.Scheduled(device, order, from, visibleAt);
        }
    }

    private void Tell(SimulatedDevice device, Order order, VersionTag from) =>
        Losant.Record.Add(
            new DeviceChangeRecord(0, Losant.Now)
            {
                DeviceId = device.Id,
                FlowId = order.Flow.Id,
                Field = ChangedField.Desired,
                From = from.Name,
                To = order.Version.Name,
                Etag = order.Version.Etag,
                Cause = order.Cause,
            }
        );

    /// <summary>Lets the rows that desire a version's name desire its new content.</summary>
    public void Redeploy(SimulatedFlow flow, SimulatedVersion version)
    {
        var by = new LogSource("user", Losant.PersonId);
        var order = new Order(flow, new VersionTag(version.Name, version.Etag), by, Cause.Outside, TimeSpan.Zero);
        foreach (var row in application.Rows.Where(row => row.Flow == flow && row.State.Desired == version.Name))
        {
            Schedule(row.Device, order);
        }
    }

    /// <summary>Makes a row that is up to date, with the log of an earlier deployment.</summary>
    public SimulatedRow Install(SimulatedDevice device, SimulatedFlow flow, VersionTag version, string? fileName)
    {
        var scheduledAt = Losant.Stamp - TimeSpan.FromHours(1);
        var reportedAt = scheduledAt + TimeSpan.FromSeconds(1);
        var state = new RowState
        {
            Current = version.Name,
            Desired = version.Name,
            CurrentEtag = version.Etag,
            DesiredEtag = version.Etag,
            LastUpdated = reportedAt,
            Logs =
            [
                new LogEntry(false, reportedAt, new LogSource("device", device.Id), version, default, null),
                new LogEntry(true, scheduledAt, new LogSource("user", Losant.PersonId), version, default, null),
            ],
        };
        var row = Keep(
            new SimulatedRow(Losant.Ids.Next(), device, flow, new History<RowState>(state, Losant.ThereSince))
            {
                CreatedAt = scheduledAt,
                FileName = fileName,
            }
        );
        if (DeploymentKind.Of(flow) == DeploymentKind.Embedded)
        {
            application.Bundles.Installed(row);
        }

        return row;
    }

    private SimulatedRow Keep(SimulatedRow row)
    {
        row.Device.Add(row);
        application.Add(row);
        return row;
    }
}

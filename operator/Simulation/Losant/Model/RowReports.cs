namespace EdgeRelease.Simulation;

/// <summary>What devices report of their rows.</summary>
internal static class RowReports
{
    /// <summary>Reports what became of the row's desired version: an error, or that it runs.</summary>
    public static void Add(SimulatedRow row, string? error)
    {
        var state = row.State;
        var runs = error is null
            ? new VersionTag(state.Desired, state.DesiredEtag)
            : new VersionTag(state.Current, state.CurrentEtag);
        Add(row, runs, error);
    }

    /// <summary>Reports what runs since the desired version was tried, and the error that it met.</summary>
    public static void Add(SimulatedRow row, VersionTag runs, string? error)
    {
        var losant = row.Device.Application.Losant;
        var before = row.State;
        var now = losant.Stamp;
        var tried = new VersionTag(before.Desired, before.DesiredEtag);
        var ran = new VersionTag(before.Current, before.CurrentEtag);
        var entry = new LogEntry(false, now, new LogSource("device", row.Device.Id), tried, ran, error);
        var after = before.Logging(entry, losant.Options.Unknowns.LogRetention);
        if (losant.Options.Unknowns.ReportsChangeLastUpdated)
        {
            after = after with { LastUpdated = now };
        }

        row.Set(after with { Current = runs.Name, CurrentEtag = runs.Etag }, losant.Now);
        if (error is null || runs != ran)
        {
            losant.Record.Add(
                new DeviceChangeRecord(0, losant.Now)
                {
                    DeviceId = row.Device.Id,
                    FlowId = row.Flow.Id,
                    Field = ChangedField.Current,
                    From = ran.Name,
                    To = runs.Name,
                    Etag = runs.Etag,
                    Cause = Cause.Device,
                }
            );
        }
    }
}

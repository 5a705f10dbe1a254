namespace EdgeRelease.Simulation;

/// <summary>The Embedded Edge Agent's part: loads the bundle that is desired, all flows or none, and reports.</summary>
internal sealed class BundleLoader(SimulatedDevice device, DeviceAgent agent)
{
    private bool isLoading;
    private int round;
    private int loadedByHand;

    private SimulatedLosant Losant => device.Application.Losant;

    private LosantUnknowns Unknowns => Losant.Options.Unknowns;

    /// <summary>Lets a connected device load its bundle after its latency, unless it is about to or has no reason
    /// to.</summary>
    public void LoadLater()
    {
        if (!device.Connected || isLoading || device.Bundle is not { State: { UpToDate: false, IsPushed: true } })
        {
            return;
        }

        isLoading = true;
        var began = round;
        Losant.Later(agent.Behaviour.DrawDelay(Losant.DeviceRandom, Losant.Now), () => Load(began));
    }

    /// <summary>The connection went: a load under way is lost.</summary>
    public void Drop()
    {
        isLoading = false;
        round++;
    }

    /// <summary>Somebody loads a bundle by hand, which the device reports as soon as it is connected.</summary>
    public void ByHand()
    {
        if (device.Bundle is not { } bundle)
        {
            return;
        }

        Drop();
        var name = $"hand-{++loadedByHand}";
        var after = bundle.State with { Current = name, IsUnknown = true, IsPushed = Unknowns.UnknownBundleIsReplaced };
        Report(bundle, after, name, entry => entry with { UpdateType = "unknownBundle" });
        LoadLater();
    }

    private void Load(int began)
    {
        if (began != round)
        {
            return;
        }

        isLoading = false;
        var bundle = device.Bundle!;
        if (bundle.State.UpToDate)
        {
            return;
        }

        var changed = device.Rows.Where(row => !row.State.UpToDate).ToArray();
        var all = changed.Concat(device.Rows.Where(row => row.State is { UpToDate: true, Desired: not null }));
        foreach (var row in all)
        {
            var outcome = agent.Behaviour.OutcomeOf(row.Flow.Id, row.State.Desired);
            if (outcome.Kind == OutcomeKind.NeverAnswers)
            {
                return;
            }

            if (agent.Failure(row, outcome) is { } error)
            {
                Fail(bundle, changed, error);
                return;
            }
        }

        if (device.Application.GlobalsError is { } broken)
        {
            Fail(bundle, changed, broken);
            return;
        }

        var isBricked = Array.Exists(changed, Bricks);
        Succeed(bundle, changed);
        if (isBricked)
        {
            agent.Brick();
        }
    }

    private bool Bricks(SimulatedRow row) =>
        agent.Behaviour.OutcomeOf(row.Flow.Id, row.State.Desired).Kind == OutcomeKind.BricksConnection;

    /// <summary>The old bundle keeps running, with all its flows.</summary>
    private void Fail(SimulatedBundle bundle, SimulatedRow[] changed, string error)
    {
        foreach (var row in changed)
        {
            RowReports.Add(row, error);
        }

        Report(bundle, bundle.State, bundle.State.Desired, entry => entry with { Error = error });
    }

    private void Succeed(SimulatedBundle bundle, SimulatedRow[] changed)
    {
        foreach (var row in changed)
        {
            RowReports.Add(row, null);
        }

        var type = bundle.State.IsUnknown ? "knownBundle" : null;
        var after = bundle.State with { Current = bundle.State.Desired, IsUnknown = false };
        Report(bundle, after, after.Current, entry => entry with { UpdateType = type });
    }

    private void Report(
        SimulatedBundle bundle,
        BundleState after,
        string? name,
        Func<BundleLogEntry, BundleLogEntry> more
    )
    {
        var entry = more(new BundleLogEntry(false, Losant.Stamp, new LogSource("device", device.Id), name));
        after = after.Logging(entry, Unknowns.LogRetention);
        bundle.Set(Unknowns.ReportsChangeLastUpdated ? after with { LastUpdated = Losant.Stamp } : after, Losant.Now);
    }
}

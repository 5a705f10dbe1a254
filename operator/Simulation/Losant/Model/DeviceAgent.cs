namespace EdgeRelease.Simulation;

/// <summary>The agent on a device: connects, applies what is desired, reports.</summary>
internal sealed class DeviceAgent
{
    private readonly SimulatedDevice device;
    private readonly Dictionary<OutcomeKey, int> failures = [];
    private int reconnectRound;
    private bool bricked;

    public DeviceAgent(SimulatedDevice device, DeviceBehaviour behaviour)
    {
        this.device = device;
        Behaviour = behaviour;
        Loader = new BundleLoader(device, this);
        StartReconnecting();
    }

    /// <summary>Loads bundles, on a microcontroller.</summary>
    public BundleLoader Loader { get; }

    public DeviceBehaviour Behaviour { get; private set; }

    private SimulatedLosant Losant => device.Application.Losant;

    public void Behave(DeviceBehaviour behaviour)
    {
        var patternChanged = behaviour.Reconnects != Behaviour.Reconnects;
        Behaviour = behaviour;
        if (patternChanged)
        {
            StartReconnecting();
        }
    }

    public void Connect()
    {
        if (device.Connected || device.DeletedAt is not null)
        {
            return;
        }

        bricked = false;
        SetConnected(true);
        Loader.LoadLater();
        foreach (var row in device.Rows)
        {
            ApplyLater(row);
        }
    }

    public void Disconnect()
    {
        if (!device.Connected)
        {
            return;
        }

        SetConnected(false);
        Loader.Drop();
        foreach (var row in device.Rows)
        {
            row.Applying = false;
            row.ApplyRound++;
        }
    }

    /// <summary>Lets a connected device apply the row after its latency, unless it is about to or has no reason
    /// to.</summary>
    public void ApplyLater(SimulatedRow row)
    {
        if (
            !device.Connected
            || row.Applying
            || row.FileName is not null
            || row.State.UpToDate
            || device.Bundle is not null
        )
        {
            return;
        }

        row.Applying = true;
        var round = row.ApplyRound;
        Losant.Later(Behaviour.DrawDelay(Losant.DeviceRandom, Losant.Now), () => Apply(row, round));
    }

    private void Apply(SimulatedRow row, int round)
    {
        if (round != row.ApplyRound)
        {
            return;
        }

        row.Applying = false;
        if (row.State.UpToDate)
        {
            return;
        }

        var outcome = Behaviour.OutcomeOf(row.Flow.Id, row.State.Desired);
        if (outcome.Kind == OutcomeKind.NeverAnswers)
        {
            return;
        }

        if (Failure(row, outcome) is { } error)
        {
            RowReports.Add(row, error);
            return;
        }

        var before = row.State;
        RowReports.Add(row, null);
        if (outcome.Kind == OutcomeKind.BricksConnection)
        {
            Brick();
        }
        else if (outcome.Kind == OutcomeKind.WorksThenFails)
        {
            FallBackLater(row, before, outcome);
        }
    }

    /// <summary>What runs well fails after all, and the version before runs again.</summary>
    private void FallBackLater(SimulatedRow row, RowState before, Outcome outcome)
    {
        var ran = row.State;
        Losant.Later(
            outcome.After,
            () =>
            {
                if (device.Connected && ReferenceEquals(row.State, ran))
                {
                    RowReports.Add(row, new VersionTag(before.Current, before.CurrentEtag), outcome.Error);
                }
            }
        );
    }

    /// <summary>The device is away for good.</summary>
    public void Brick()
    {
        bricked = true;
        Disconnect();
    }

    /// <summary>Why the device cannot run what the row desires; null when it can.</summary>
    public string? Failure(SimulatedRow row, Outcome outcome)
    {
        if (row.State.Desired is { } target)
        {
            var version = device.Application.Scheduling.Find(row.Flow, target);
            if (version is null)
            {
                return $"Workflow version {target} was not found";
            }

            if (version.MinimumAgentVersion is { } minimum && AgentVersions.IsBelow(device.AgentVersion, minimum))
            {
                return $"Agent version {device.AgentVersion ?? "unknown"} is below the minimum {minimum}";
            }
        }

        return outcome.Kind switch
        {
            OutcomeKind.Fails => outcome.Error,
            OutcomeKind.FailsThenWorks when CountFailure(row) <= outcome.Failures => outcome.Error,
            _ => null,
        };
    }

    private int CountFailure(SimulatedRow row)
    {
        var key = new OutcomeKey(row.Flow.Id, row.State.Desired);
        return failures[key] = failures.GetValueOrDefault(key) + 1;
    }

    private void SetConnected(bool connected)
    {
        var now = Losant.Stamp;
        var state = device.State with { Connected = connected };
        state = connected ? state with { ConnectedAt = now } : state with { DisconnectedAt = now };
        device.Set(Losant.Options.Unknowns.ConnectionsChangeLastUpdated ? state with { LastUpdated = now } : state);
        Losant.Record.Add(
            new DeviceChangeRecord(0, Losant.Now)
            {
                DeviceId = device.Id,
                Field = ChangedField.Connected,
                From = connected ? "false" : "true",
                To = connected ? "true" : "false",
                Cause = Cause.Device,
            }
        );
    }

    private void StartReconnecting()
    {
        var round = ++reconnectRound;
        if (Behaviour.Reconnects is { } pattern)
        {
            Losant.Later(device.Connected ? pattern.Up : pattern.Down, () => Reconnect(round));
        }
    }

    private void Reconnect(int round)
    {
        if (round != reconnectRound || bricked || Behaviour.Reconnects is not { } pattern)
        {
            return;
        }

        if (device.Connected)
        {
            Disconnect();
            Losant.Later(pattern.Down, () => Reconnect(round));
        }
        else
        {
            Connect();
            Losant.Later(pattern.Up, () => Reconnect(round));
        }
    }
}

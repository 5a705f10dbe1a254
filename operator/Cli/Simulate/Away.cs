using EdgeRelease.Simulation;

namespace EdgeRelease.Cli;

/// <summary>How many connected devices at once did not run what they were told, by the simulated Losant's own record.</summary>
internal sealed class Away
{
    private readonly Dictionary<string, Told> _told = new(StringComparer.Ordinal);
    private readonly HashSet<string> _away = new(StringComparer.Ordinal);

    /// <summary>Begins to count.</summary>
    public Away(SimulatedLosant losant, SimulatedApplication application)
    {
        foreach (var device in application.Devices)
        {
            var version = device.Rows.Count > 0 ? device.Rows[0].State.Current : null;
            _told[device.Id] = new Told(version, version, device.Connected);
        }

        losant.Record.Subscribe(Note);
    }

    /// <summary>The most at once.</summary>
    public int Most { get; private set; }

    private void Note(RecordEntry entry)
    {
        if (entry is not DeviceChangeRecord change || !_told.TryGetValue(change.DeviceId, out var told))
        {
            return;
        }

        told = change.Field switch
        {
            ChangedField.Desired => told with { Desired = change.To },
            ChangedField.Current => told with { Current = change.To },
            _ => told with { IsConnected = change.To == "true" },
        };
        _told[change.DeviceId] = told;
        if (told.IsConnected && told.Desired != told.Current)
        {
            _away.Add(change.DeviceId);
        }
        else
        {
            _away.Remove(change.DeviceId);
        }

        Most = Math.Max(Most, _away.Count);
    }

    private sealed record Told(string? Desired, string? Current, bool IsConnected);
}

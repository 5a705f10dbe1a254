using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace EdgeRelease.Simulation;

/// <summary>All flows of one microcontroller in one bundle: what Losant lists as an embedded deployment.</summary>
public sealed class SimulatedBundle
{
    private readonly History<BundleState> history;

    internal SimulatedBundle(string id, SimulatedDevice device, History<BundleState> history)
    {
        Id = id;
        Device = device;
        this.history = history;
    }

    /// <summary>The deployment's id, 24 hex digits.</summary>
    public string Id { get; }

    /// <summary>The device.</summary>
    public SimulatedDevice Device { get; }

    /// <summary>When it was made, in whole milliseconds.</summary>
    public DateTimeOffset CreatedAt { get; internal init; }

    /// <summary>The truth.</summary>
    public BundleState State => history.Latest;

    internal BundleState? SeenAt(DateTimeOffset at) => history.SeenAt(at);

    /// <summary>Puts a state on top, with the flows as their rows stand.</summary>
    internal void Set(BundleState state, DateTimeOffset visibleAt)
    {
        var application = Device.Application;
        var flows = Device.Rows.Select(row => new BundledFlow(row.Flow, row.State.Current, row.State.Desired));
        history.Set(
            state with
            {
                Flows = [.. flows],
            },
            visibleAt,
            application.Losant.Now - application.Losant.Options.StaleHorizon
        );
        application.RowsChanged(visibleAt);
    }
}

/// <summary>One microcontroller's bundle at one time.</summary>
public sealed record BundleState
{
    /// <summary>The bundle that the device last reported; null for none.</summary>
    public string? Current { get; init; }

    /// <summary>The bundle that the platform built last; null for none.</summary>
    public string? Desired { get; init; }

    /// <summary>Whether the device reports a bundle that the platform does not know.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Its flows, in the order they came to it.</summary>
    public IReadOnlyList<BundledFlow> Flows { get; init; } = [];

    /// <summary>When it last changed, in whole milliseconds.</summary>
    public DateTimeOffset LastUpdated { get; init; }

    /// <summary>The log, newest first, within the retention.</summary>
    public ImmutableList<BundleLogEntry> Logs { get; init; } = [];

    /// <summary>Whether the platform pushes what it built; it stops when a bundle is loaded by hand.</summary>
    internal bool IsPushed { get; init; } = true;

    /// <summary>Whether the device runs what it should.</summary>
    public bool UpToDate => Current == Desired;

    internal BundleState Logging(BundleLogEntry entry, int retention) =>
        this with
        {
            Logs = [.. Logs.Insert(0, entry).Take(retention)],
        };
}

/// <summary>One flow in a bundle.</summary>
/// <param name="Flow">The flow.</param>
/// <param name="Current">The version that the device last reported; null for none.</param>
/// <param name="Desired">The version that was scheduled last; null for none or a removal.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BundledFlow(SimulatedFlow Flow, string? Current, string? Desired);

/// <summary>One entry of a bundle's log. Source: Losant schema embeddedDeployment, logs.</summary>
/// <param name="Desired">True: a bundle was built; false: the device did something.</param>
/// <param name="Date">When, in whole milliseconds.</param>
/// <param name="By">Who.</param>
/// <param name="Bundle">The bundle that was built, loaded or tried; null for none.</param>
public sealed record BundleLogEntry(bool Desired, DateTimeOffset Date, LogSource By, string? Bundle)
{
    /// <summary>Why: newFlow, replaceFlow, removeFlow, clear, globals, device, unknownBundle or knownBundle; null for a
    /// plain report.</summary>
    public string? UpdateType { get; init; }

    /// <summary>The flow that was scheduled, 24 hex digits; null when it was none alone.</summary>
    public string? FlowId { get; init; }

    /// <summary>The version of the flow; null for a removal, or without a flow.</summary>
    public string? Version { get; init; }

    /// <summary>Why the device failed; null when nothing failed.</summary>
    public string? Error { get; init; }
}

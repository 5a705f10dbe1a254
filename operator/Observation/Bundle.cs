using System.Runtime.InteropServices;

namespace EdgeRelease.Observation;

/// <summary>The bundle that a flow of a microcontroller is part of, as its row tells: all its flows are compiled into one,
/// which the device loads as a whole or not at all.</summary>
public sealed record Bundle
{
    /// <summary>The deployment's own id at Losant: one for each device, whatever its flows.</summary>
    public DeviceId Id { get; init; }

    /// <summary>The bundle that the device last reported; null for none.</summary>
    public string? Current { get; init; }

    /// <summary>The bundle that Losant built last; null for none.</summary>
    public string? Desired { get; init; }

    /// <summary>Whether the device reports a bundle that Losant did not build: somebody loaded it by hand.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>Why it was built last, when that was not for this flow; null when it was, or when the log does not
    /// say.</summary>
    public BundleChange? Rebuilt { get; init; }

    /// <summary>Whether the device has not taken what Losant built.</summary>
    public bool IsPending => Current != Desired && !IsUnknown;
}

/// <summary>Why a bundle was built.</summary>
/// <param name="At">When, by Losant's clock.</param>
/// <param name="UpdateType">Losant's word: newFlow, replaceFlow, removeFlow, clear, globals or device; null when
/// absent.</param>
/// <param name="Flow">The flow that was scheduled; null when it was none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BundleChange(DateTimeOffset At, string? UpdateType, DeviceId? Flow)
{
    /// <summary>Why in words, as <c>flow 575e...</c> or <c>globals</c>.</summary>
    public string Words => Flow is { } flow ? $"flow {flow}" : UpdateType ?? "something that Losant does not name";
}

using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>What to do now, and where the release stands.</summary>
public sealed record Plan
{
    /// <summary>The calls to make, in this order; the ledger rows of each stand written ahead in it.</summary>
    public required IReadOnlyList<Batch> Batches { get; init; }

    /// <summary>Where the release stands.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>What to remember, the batches' own commands not included.</summary>
    public required Memory Memory { get; init; }

    /// <summary>What happened, for Events: each at most once.</summary>
    public required IReadOnlyList<Notice> Notices { get; init; }

    /// <summary>The fleet that was judged; null when none could be seen.</summary>
    public required Fleet? Fleet { get; init; }

    /// <summary>The step's devices; empty when no step is under way.</summary>
    public IReadOnlyList<Device> Target { get; init; } = [];

    /// <summary>The evidence that was weighed.</summary>
    public Evidence Evidence { get; init; } = new(0, 0, 0);

    /// <summary>Losant's clock when it was made.</summary>
    public DateTimeOffset Now { get; init; }

    /// <summary>Why the forward candidates stay where they are; null when some move.</summary>
    public Gate? Gate { get; init; }

    /// <summary>The earliest time at which a new observation could lead to another plan without anything having
    /// happened; null when only an event can.</summary>
    public DateTimeOffset? WakeAt { get; init; }

    /// <summary>Whether devices are on their way, so that the fleet should be read at the active pace.</summary>
    public bool IsActive { get; init; }

    /// <summary>The bundle to ask for now, once the calls are made; null for none.</summary>
    public BundleWish? Export { get; init; }

    /// <summary>Of <see cref="Predecessors"/> those that Losant no longer has, as far as was looked.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>What the decision looked at, for explanations; null when nothing was to be decided.</summary>
    internal Scene? Scene { get; init; }

    /// <summary>Why a device is where it is.</summary>
    /// <param name="device">Any device.</param>
    /// <returns>The first rule that keeps it, a sentence, and when that could change.</returns>
    public Explanation Why(DeviceId device) => Explanation.Of(this, device);

    /// <summary>Whether a deleted release has done what it had to, so that the object may go.</summary>
    public bool MayGo { get; init; }
}

/// <summary>One release call.</summary>
public sealed record Batch
{
    /// <summary>Its number: rises by one with each intent stored.</summary>
    public required long Number { get; init; }

    /// <summary>Which way.</summary>
    public required CommandKind Kind { get; init; }

    /// <summary>The version to schedule; null removes the flow.</summary>
    public required string? Version { get; init; }

    /// <summary>The ledger rows with the command written ahead, by device id; 1 to 1,000.</summary>
    public required IReadOnlyList<LedgerRow> Rows { get; init; }

    /// <summary>Why, in a few words with numbers.</summary>
    public required string Because { get; init; }

    /// <summary>The devices, by id.</summary>
    public IEnumerable<DeviceId> Devices => Rows.Select(row => row.Device);
}

/// <summary>Where a release stands.</summary>
/// <param name="Phase">In one word.</param>
/// <param name="Reason">In one word of the documented list.</param>
/// <param name="Message">In one sentence with numbers that says what happens next.</param>
public sealed record Verdict(Phase Phase, string Reason, string Message)
{
    /// <summary>What it waits for; null when it waits for nothing.</summary>
    public WaitingFor? WaitingFor { get; init; }
}

/// <summary>What keeps every device from moving forward, in words.</summary>
/// <param name="Reason">One word of the documented list.</param>
/// <param name="Message">One sentence that says what happens next.</param>
/// <param name="Phase">The phase it leads to.</param>
public sealed record Gate(string Reason, string Message, Phase Phase)
{
    /// <summary>Whether a release that has ended stays where it stands meanwhile (rule 21).</summary>
    public bool KeepsEnd { get; init; }
}

/// <summary>Something that happened once, for an Event.</summary>
/// <param name="Reason">One word of the documented list.</param>
/// <param name="Message">One sentence.</param>
/// <param name="IsWarning">Whether a person should look.</param>
public sealed record Notice(string Reason, string Message, bool IsWarning = false);

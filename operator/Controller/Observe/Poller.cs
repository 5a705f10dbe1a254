using EdgeRelease.Losant;
using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>One accepted observation and Losant's clock after it.</summary>
/// <param name="Snapshot">What was seen.</param>
/// <param name="Now">Losant's clock now.</param>
/// <param name="ScannedDevices">Devices that the application's scan found.</param>
public sealed record Observed(Snapshot Snapshot, DateTimeOffset Now, int ScannedDevices);

/// <summary>The one poller of a connection for all its releases (F094): between full scans it reads what changed, which
/// is two calls when nothing did, whatever the number of devices, flows and releases.</summary>
/// <param name="losant">The connection.</param>
/// <param name="time">Monotonic time.</param>
/// <param name="random">Jitter, so that applications do not poll together.</param>
/// <param name="deviceClass">The devices that it reads: gateways or microcontrollers.</param>
public sealed class Poller(ILosant losant, TimeProvider time, Random random, DeviceClass deviceClass)
{
    /// <summary>How long changes are relied on before everything is read again (rule 37).</summary>
    public static readonly TimeSpan FullScan = TimeSpan.FromMinutes(30);

    /// <summary>How long rows are kept that no release asks for.</summary>
    public static readonly TimeSpan FlowIsIdle = TimeSpan.FromHours(1);

    private readonly DeviceView _devices = new(losant, time, deviceClass);
    private readonly RowView _rows = new(new RowSource(losant, deviceClass), time);
    private readonly AnswerClock _dates = new(time);
    private readonly Dictionary<string, long> _sentAt = [];
    private Poll? _last;
    private double _jitter = 1;
    private long _pollEndedAt;
    private bool _isBusy;

    /// <summary>The flows and versions of the application.</summary>
    public required Catalog Catalog { get; init; }

    /// <summary>Whether a list of changes did not show every change: each poll is a full scan then (rule 37).</summary>
    public bool MissesChanges => _devices.Changes.IsBroken || _rows.Changes.IsBroken;

    /// <summary>Whether Losant answered a poll lately.</summary>
    /// <param name="within">How long ago at most.</param>
    public bool IsHeard(TimeSpan within) => _last is { } last && time.GetElapsedTime(last.Stamp) <= within;

    /// <summary>When the application's next poll at a pace is due, from now: the same moment for all its releases.</summary>
    /// <param name="pace">The mean time between polls.</param>
    public TimeSpan Until(TimeSpan pace)
    {
        var due = (pace * _jitter) - (_last is null ? TimeSpan.Zero : time.GetElapsedTime(_pollEndedAt));
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }

    /// <summary>A release call ended: no poll from before shows a release of the flow what its devices were told. All flows of
    /// a microcontroller are one bundle.</summary>
    /// <param name="flowId">The flow.</param>
    public void Sent(string flowId) => _sentAt[Told(flowId)] = time.GetTimestamp();

    /// <summary>The fleet as a poll shows it: the last one where it serves, else a new one.</summary>
    /// <param name="need">What the pass needs.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <returns>The fleet; null while another pass polls.</returns>
    /// <exception cref="LosantException">Losant gave no usable answer: nothing new is known then.</exception>
    public async Task<Observed?> ObserveAsync(Need need, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(need);
        if (Interlocked.Exchange(ref _isBusy, value: true))
        {
            return null;
        }

        try
        {
            return await SeenAsync(need, cancel);
        }
        finally
        {
            Volatile.Write(ref _isBusy, value: false);
        }
    }

    private async Task<Observed> SeenAsync(Need need, CancellationToken cancel)
    {
        var isNew = _last is not { } served || !Serves(served, need);
        var poll = isNew ? await PollAsync(need, cancel) : _last!;

        var flow = await _rows.OfAsync(need, poll, cancel);
        _pollEndedAt = isNew ? time.GetTimestamp() : _pollEndedAt;
        var devices = await _devices.WithAsync(need.Named, cancel);
        if (losant.Now is null)
        {
            _dates.Learn(Newest());
        }

        var now = Now!.Value;
        var beganAt = poll.BeganAt ?? Newest();
        var snapshot = new Snapshot
        {
            BeganAt = beganAt,
            ScannedAt = ScannedAt(poll, flow, beganAt),
            EndedAt = now,
            Devices = devices,
            Deployments = flow.Rows,
            AbsentRowsAreCertain = flow.AreCertain,
            Believed = _devices.AreBelieved,
        };
        return new Observed(snapshot, now, _devices.All.Count);
    }

    /// <summary>What a release of a flow tells: the flow, or the bundle that it shares with all others.</summary>
    private string Told(string flowId) => deviceClass == DeviceClass.Embedded ? "bundle" : flowId;

    private DateTimeOffset? Now => losant.Now ?? _dates.Now;

    private DateTimeOffset ScannedAt(Poll poll, FlowRows flow, DateTimeOffset beganAt)
    {
        var (devices, rows) = (_devices.ScannedIn!, flow.ScannedIn);
        var older = devices.Stamp < rows.Stamp ? devices : rows;
        return older.BeganAt ?? (older == poll ? beganAt : DateTimeOffset.MinValue);
    }

    private bool Serves(Poll poll, Need need) =>
        need is { IsFull: false, IsNow: false }
        && time.GetElapsedTime(_pollEndedAt) <= need.MaxAge
        && poll.Stamp > _sentAt.GetValueOrDefault(Told(need.FlowId), long.MinValue)
        && !(need.WakeAt > poll.BeganAt && need.WakeAt <= Now);

    private async Task<Poll> PollAsync(Need need, CancellationToken cancel)
    {
        var poll = new Poll(time.GetTimestamp(), Now);
        if (await _rows.HaveVanishedAsync(need, poll, cancel))
        {
            _devices.Doubt();
        }

        if (await _devices.RefreshAsync(need, poll, cancel))
        {
            _rows.Doubt();
        }

        (_last, _jitter) = (poll, 0.8 + (0.4 * random.NextDouble()));
        return poll;
    }

    /// <summary>The newest date in the answers.</summary>
    private DateTimeOffset Newest()
    {
        var devices = _devices.All.Select(device => device.ConnectionAt ?? default);
        return devices.Append(_rows.Newest()).Append(DateTimeOffset.UnixEpoch).Max();
    }
}

/// <summary>One look at an application.</summary>
/// <param name="Stamp">Monotonic timestamp when it began.</param>
/// <param name="BeganAt">Losant's clock when it began; null while that is not known.</param>
internal sealed record Poll(long Stamp, DateTimeOffset? BeganAt);

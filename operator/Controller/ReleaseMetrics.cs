using System.Diagnostics.Metrics;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Every instrument of the operator. No device id and no text of Losant is ever a label; state per release is
/// an observable gauge over what the last passes showed, so that it ends with its object.</summary>
public sealed class ReleaseMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "EdgeRelease";

    private const string DevicesName = "edgerelease_devices";
    private const string PhaseName = "edgerelease_phase";
    private const string StepName = "edgerelease_step";

    /// <summary>Seconds of one call or one pass of many.</summary>
    private static readonly double[] CallBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _rollbacks;
    private readonly Counter<long> _updates;
    private readonly Histogram<double> _updateSeconds;
    private readonly Counter<long> _requests;
    private readonly Histogram<double> _requestSeconds;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _reconciles;
    private readonly Histogram<double> _reconcileSeconds;
    private Func<IEnumerable<KeyValuePair<ResourceKey, EdgeReleaseStatus>>> _shown = () => [];
    private Func<IEnumerable<KeyValuePair<ResourceKey, string?>>> _frozen = () => [];
    private Func<int> _depth = () => 0;
    private Func<bool> _isLeader = () => false;
    private Func<long?> _scannedAt = () => null;
    private readonly TimeProvider _time;

    /// <summary>The instruments, counting from zero.</summary>
    /// <param name="time">The monotonic clock of the snapshot's age.</param>
    public ReleaseMetrics(TimeProvider time)
    {
        _time = time;
        _rollbacks = Counter("edgerelease_rollbacks", "Revisions that were rolled back to the end");
        _updates = Counter(
            "edgerelease_device_updates",
            "Devices that got an outcome: confirmed, failed, lost, not_accepted or confounded"
        );
        _updateSeconds = Seconds(
            "edgerelease_update_duration_seconds",
            "From a device's command to its confirmation",
            [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600]
        );
        _requests = Counter("losant_requests", "Requests to Losant by route and outcome");
        _requestSeconds = Seconds("losant_request_duration_seconds", "Time of one request to Losant", CallBounds);
        _refused = Counter("edgerelease_invariant_refused", "Batches that broke an invariant and were not sent");
        _reconciles = Counter("edgerelease_reconciles", "Passes by result");
        _reconcileSeconds = Seconds("edgerelease_reconcile_duration_seconds", "Time of one pass", CallBounds);
        Gauge(DevicesName, Devices, "Devices of a release by state");
        Gauge(PhaseName, Phases, "1 for the phase that a release is in, else 0");
        Gauge(StepName, Steps, "The step that a release is in, from 1");
        Gauge<int>(
            "edgerelease_queue_depth",
            () => [new Measurement<int>(_depth())],
            "Objects that are due or being worked on"
        );
        Gauge<int>(
            "edgerelease_leader",
            () => [new Measurement<int>(_isLeader() ? 1 : 0)],
            "1 while this replica leads"
        );
        Gauge(
            "losant_application_frozen",
            Freezes,
            "1 while an application is frozen, with spec.frozen.reason, else 0"
        );
        Gauge(
            "losant_snapshot_age_seconds",
            SnapshotAge,
            "Time since the last believed observation of the application that has waited longest for one"
        );
    }

    /// <summary>Whether an instrument has series of its own for each release.</summary>
    /// <param name="instrument">An instrument.</param>
    public static bool IsPerRelease(Instrument instrument) => instrument.Name is DevicesName or PhaseName or StepName;

    /// <summary>Where the gauges look.</summary>
    /// <param name="shown">What the last passes showed.</param>
    /// <param name="depth">Objects that are due or being worked on.</param>
    /// <param name="isLeader">Whether this replica leads.</param>
    /// <param name="scannedAt">Monotonic timestamp of the oldest application's last believed scan; null when there is
    /// none.</param>
    public void Watch(
        Func<IEnumerable<KeyValuePair<ResourceKey, EdgeReleaseStatus>>> shown,
        Func<int> depth,
        Func<bool> isLeader,
        Func<long?> scannedAt
    ) => (_shown, _depth, _isLeader, _scannedAt) = (shown, depth, isLeader, scannedAt);

    /// <summary>Where the gauge of freezes looks.</summary>
    /// <param name="frozen">The applications, and why each is frozen; null: it is not.</param>
    public void WatchFreezes(Func<IEnumerable<KeyValuePair<ResourceKey, string?>>> frozen) => _frozen = frozen;

    /// <summary>A request to Losant ended.</summary>
    /// <param name="request">Which, how, and how long it took.</param>
    public void Requested(LosantRequest request)
    {
        var route = new KeyValuePair<string, object?>("route", $"{request.Method} {request.Route}");
        _requests.Add(1, route, new KeyValuePair<string, object?>("outcome", request.Outcome));
        _requestSeconds.Record(request.Duration.TotalSeconds, route);
    }

    /// <summary>A batch was refused by a production guard.</summary>
    public void InvariantRefused() => _refused.Add(1);

    /// <summary>A pass ended.</summary>
    /// <param name="result">ok, retry or error.</param>
    /// <param name="took">How long it took.</param>
    public void Reconciled(string result, TimeSpan took)
    {
        _reconciles.Add(1, new KeyValuePair<string, object?>("result", result));
        _reconcileSeconds.Record(took.TotalSeconds);
    }

    /// <summary>A pass was planned: counts what it found out.</summary>
    /// <param name="before">The memory before it.</param>
    /// <param name="pass">The pass.</param>
    public void Planned(Memory before, Pass pass)
    {
        var after = pass.Plan.Memory;
        if (after.Result == RevisionResult.RolledBack && before.Result != RevisionResult.RolledBack)
        {
            _rollbacks.Add(1);
        }

        foreach (var (id, row) in after.Rows)
        {
            var was = before.Rows.GetValueOrDefault(id);
            if (row.Outcome != Outcome.None && row.Outcome != was?.Outcome && row.Revision == was?.Revision)
            {
                Updated(row);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private Counter<long> Counter(string name, string description) =>
        _meter.CreateCounter<long>(name, null, description);

    private Histogram<double> Seconds(string name, string description, double[] bounds) =>
        _meter.CreateHistogram(
            name,
            null,
            description,
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = bounds }
        );

    private void Gauge<T>(string name, Func<IEnumerable<Measurement<T>>> observe, string description)
        where T : struct => _meter.CreateObservableGauge(name, observe, null, description);

    private void Updated(LedgerRow row)
    {
        var outcome = row.Outcome == Outcome.NotAccepted ? "not_accepted" : row.Outcome.ToString().ToLowerInvariant();
        _updates.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        if (row is { Outcome: Outcome.Confirmed, Last: not null, OutcomeAt: not null })
        {
            _updateSeconds.Record((row.OutcomeAt.Value - row.Last.At).TotalSeconds);
        }
    }

    private IEnumerable<Measurement<double>> SnapshotAge() =>
        _scannedAt() is { } at ? [new Measurement<double>(_time.GetElapsedTime(at).TotalSeconds)] : [];

    private IEnumerable<Measurement<int>> Devices() =>
        _shown()
            .Where(pair => pair.Value.Devices is not null)
            .SelectMany(pair => Counts(pair.Key, pair.Value.Devices!));

    private static IEnumerable<Measurement<int>> Counts(ResourceKey key, DeviceCounts counts) =>
        new (string State, int Count)[]
        {
            ("matched", counts.Matched),
            ("eligible", counts.Eligible),
            ("target", counts.Target),
            ("updated", counts.Updated),
            ("updating", counts.Updating),
            ("waiting", counts.Waiting),
            ("deferred", counts.Deferred),
            ("failed", counts.Failed),
            ("lost", counts.Lost),
            ("restored", counts.Restored),
            ("conflicted", counts.Conflicted),
            ("drifted", counts.Drifted),
            ("unknown", counts.Unknown),
            ("armed", counts.Armed),
            ("left", counts.Left),
        }.Select(each => Of(each.Count, key, "state", each.State));

    private IEnumerable<Measurement<int>> Phases() =>
        _shown()
            .SelectMany(pair =>
                Enum.GetValues<Phase>()
                    .Select(phase => Of(pair.Value.Phase == phase ? 1 : 0, pair.Key, "phase", phase.ToString()))
            );

    private IEnumerable<Measurement<int>> Freezes() =>
        _frozen().Select(pair => Of(pair.Value is null ? 0 : 1, pair.Key, "reason", pair.Value ?? ""));

    private IEnumerable<Measurement<int>> Steps() =>
        _shown()
            .Where(pair => pair.Value.Step is not null)
            .Select(pair => Of(pair.Value.Step!.Index, pair.Key, null, null));

    private static Measurement<int> Of(int value, ResourceKey key, string? label, string? word)
    {
        var tags = new List<KeyValuePair<string, object?>> { new("namespace", key.Namespace), new("name", key.Name) };
        if (label is not null)
        {
            tags.Add(new KeyValuePair<string, object?>(label, word));
        }

        return new Measurement<int>(value, tags);
    }
}

using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.Builders;

/// <summary>Memories made of a seed, every member among them.</summary>
internal sealed class Recollection(int seed)
{
    private readonly Random _random = new(seed);

    public Memory Memory(int steps)
    {
        // The fast lane has one step only.
        var isFast = _random.Next(4) == 0;
        return new Memory
        {
            Revision = _random.Next(1, 50),
            Version = new VersionStatus
            {
                Name = Maybe(Word),
                Etag = Maybe(Word),
                FlowVersionId = Maybe(Word),
                FlowClass = "edge",
            },
            StartedAt = Maybe(Time),
            Step = new StepMark
            {
                Index = _random.Next(0, (isFast ? 1 : steps) + 1),
                StartedAt = Maybe(Time),
                SoakingSince = Maybe(Time),
                SoakUntil = Maybe(Time),
                Reached = _random.Next(1000),
                StepsHash = Maybe(Word),
                Asked = Maybe(Word),
            },
            AppliedPercentage = _random.Next(0, 101),
            FastLane = isFast,
            Latch = Maybe(() =>
                new RollbackLatch
                {
                    Kind = One<LatchKind>(),
                    At = Maybe(Time),
                    Reason = Word(),
                    Scope = One<RollbackScope>(),
                    Step = _random.Next(5),
                }
            ),
            Result = _random.Next(2) == 0 ? null : One<RevisionResult>(),
            Pause = Maybe(() =>
                new PolicyPause
                {
                    Token = Word(),
                    At = Maybe(Time),
                    Reason = Word(),
                }
            ),
            Acknowledged = new AcknowledgedFailures { Failures = _random.Next(3), Outcomes = _random.Next(3) },
            KnownBad = Some(() =>
                new KnownBadVersion
                {
                    Version = Word(),
                    Etag = Maybe(Word),
                    FlowVersionId = Maybe(Word),
                    At = Maybe(Time),
                    Reason = Word(),
                }
            ),
            Batch = _random.Next(1000),
            InFlight = Maybe(() =>
                new InFlightBatch
                {
                    Batch = _random.Next(9),
                    Version = Maybe(Word),
                    Count = _random.Next(1000),
                    Ledger = Word(),
                    At = Maybe(Time),
                }
            ),
            History = Some(() =>
                new HistoryEntry
                {
                    Revision = _random.Next(9),
                    Version = Word(),
                    Result = One<RevisionResult>(),
                    Updated = _random.Next(9),
                    Failed = _random.Next(9),
                    StartedAt = Maybe(Time),
                    FinishedAt = Maybe(Time),
                    ApprovedBy = Maybe(Word),
                    Acts = Some(Word),
                }
            ),
            Acts = Some(Word),
            IsLedgerLost = _random.Next(4) == 0,
            Approvals = Some(() =>
                new Approval
                {
                    Token = Word(),
                    Eligible = _random.Next(9),
                    By = "annotation",
                    At = Maybe(Time),
                }
            ),
            Export = Maybe(() =>
                new ExportStatus
                {
                    Revision = _random.Next(9),
                    Device = Maybe(Word),
                    Bundle = Maybe(Word),
                    At = Time(),
                    State = One<ExportState>(),
                    JobId = Maybe(Word),
                    Error = Maybe(Word),
                }
            ),
            Handled = new HandledRequests
            {
                Retry = Maybe(Word),
                Abort = Maybe(Word),
                Approve = Maybe(Word),
                Promote = Maybe(Word),
                Paused = Maybe(Word),
                ReconcileAt = Maybe(Word),
            },
        };
    }

    /// <summary>A memory as text, lists member by member.</summary>
    public static string Text(Memory memory)
    {
        var plain = memory with
        {
            Version = null,
            KnownBad = [],
            History = [],
            Approvals = [],
            Acts = [],
            Rows = new Dictionary<DeviceId, LedgerRow>(),
        };
        var lists = new EdgeReleaseStatus
        {
            Version = memory.Version,
            KnownBad = memory.KnownBad,
            History = memory.History,
            Approvals = memory.Approvals,
            Acts = memory.Acts,
        };
        return $"{plain} {JsonSerializer.Serialize(lists, ApiJson.Default.EdgeReleaseStatus)}";
    }

    private string Word() => $"w{_random.Next(1000)}é<&\"";

    private DateTimeOffset Time() => DateTimeOffset.UnixEpoch.AddTicks(_random.NextInt64(TimeSpan.TicksPerDay * 20000));

    private T One<T>()
        where T : struct, Enum => Enum.GetValues<T>()[_random.Next(Enum.GetValues<T>().Length)];

    private T? Maybe<T>(Func<T> make)
        where T : class => _random.Next(3) == 0 ? null : make();

    private DateTimeOffset? Maybe(Func<DateTimeOffset> make) => _random.Next(3) == 0 ? null : make();

    private IReadOnlyList<T> Some<T>(Func<T> make) => [.. Enumerable.Range(0, _random.Next(4)).Select(_ => make())];
}

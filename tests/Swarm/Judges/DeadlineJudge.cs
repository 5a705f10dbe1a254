using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;
using Outcome = EdgeRelease.Planning.Outcome;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I15: no device has failed by its time or is lost before that time has passed in truth, whatever the wall
/// clocks said. It goes through every ledger that was ever stored.</summary>
internal sealed class DeadlineJudge(World world, Plant plant)
{
    /// <summary>How a ledger says that a device did not answer in time.</summary>
    private const string TimedOut = "no answer within ";

    private readonly Dictionary<string, Health> _healths = [];
    private readonly Dictionary<(string Uid, DeviceId Device), Seen> _seen = [];

    /// <summary>Time-outs and losses that were judged.</summary>
    public int Judged { get; private set; }

    public void Judge()
    {
        foreach (var write in world.Cluster.Record)
        {
            if (write.Kind == Kinds.Release && write.Subresource is null)
            {
                See(ReleaseObject.Of(write.After));
            }
            else if (write.Kind == Kinds.Revision && write.Verb != ClusterVerb.Delete)
            {
                JudgeLedger(write);
            }
        }
    }

    private void See(ReleaseObject release)
    {
        if (release.Spec.Flow != plant.Flow.Name)
        {
            return;
        }

        var now = new Health(release.Spec.Health.SettleTimeout, release.Spec.Health.LostAfter);
        _healths[release.Uid] = _healths.TryGetValue(release.Uid, out var before) ? before.Least(now) : now;
    }

    private void JudgeLedger(ClusterWrite write)
    {
        var uid = Ledgers.Uid(write.After)!;
        if (!_healths.TryGetValue(uid, out var health))
        {
            return;
        }

        var text = write.After.TryGetProperty("ledger", out var ledger) ? ledger.GetString() : null;
        foreach (var row in LedgerText.Rows(text))
        {
            var key = (uid, row.Device);
            if (_seen.GetValueOrDefault(key)?.Row?.Revision > row.Revision)
            {
                continue;
            }

            var before = _seen.GetValueOrDefault(key) ?? new Seen();
            if (before.Row is { } known && known != row && row.Last?.Batch == before.Batch)
            {
                JudgeRow(write.At, health, known, row, before.Began);
            }

            _seen[key] = before.Then(row, write.At);
        }
    }

    /// <summary>What became of a device since its ledger was stored last.</summary>
    /// <param name="at">When that was stored.</param>
    /// <param name="health">The shortest times that the release ever asked for.</param>
    /// <param name="before">The row before.</param>
    /// <param name="row">The row.</param>
    /// <param name="began">When the first command of the attempt was stored.</param>
    private void JudgeRow(DateTimeOffset at, Health health, LedgerRow before, LedgerRow row, DateTimeOffset began)
    {
        if (HasTimedOut(row) && !HasTimedOut(before))
        {
            Judged++;
            Violation.If(
                at - began < health.Settle - Truth.ClockDoubt,
                "I15",
                $"{row.Device} has failed by its time {at - began} after its command, not after {health.Settle}"
            );
        }

        if (row.Outcome == Outcome.Lost && before.Outcome != Outcome.Lost)
        {
            Judged++;
            Violation.If(
                at - began < health.Lost - Truth.ClockDoubt,
                "I15",
                $"{row.Device} is lost {at - began} after its command, not after {health.Lost}"
            );
        }
    }

    private static bool HasTimedOut(LedgerRow row) => row.Error?.StartsWith(TimedOut, StringComparison.Ordinal) == true;

    /// <summary>The shortest times of a release's specs.</summary>
    private sealed record Health(TimeSpan Settle, TimeSpan Lost)
    {
        /// <summary>Zero is never.</summary>
        public Health Least(Health other) =>
            new(
                Settle < other.Settle ? Settle : other.Settle,
                Lost == TimeSpan.Zero || (other.Lost != TimeSpan.Zero && other.Lost < Lost) ? other.Lost : Lost
            );
    }

    /// <summary>A device's row as stored last, and when its attempt began; a repeat of a command is the same attempt. Of a
    /// command that was not stored before it was sent, in a ledger made anew, that is not known.</summary>
    private sealed record Seen
    {
        public LedgerRow? Row { get; private init; }

        public long Batch { get; private init; }

        public DateTimeOffset Began { get; private init; } = DateTimeOffset.MinValue;

        public Seen Then(LedgerRow row, DateTimeOffset at)
        {
            var command = row.Next ?? row.Last;
            var isSame = command is null || command.Batch == Batch || command.Repeats > 0;
            return new Seen
            {
                Row = row,
                Batch = command?.Batch ?? Batch,
                Began =
                    isSame ? Began
                    : row.Next is null ? DateTimeOffset.MinValue
                    : at,
            };
        }
    }
}

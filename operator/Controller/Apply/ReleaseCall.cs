using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>One release call and what stands before it: guard, ledger rows, intent in the status, lease (rule 32).</summary>
internal sealed class ReleaseCall(Ports ports, Session session, Pass planned)
{
    private readonly BatchGuard _guard = new(planned);
    private readonly EdgeReleaseStatus _status = planned.BeforeCalls(ports.Time.GetUtcNow());

    public Session Session => session;

    /// <summary>One call: a batch that is refused is taken out of the memory again.</summary>
    public async Task<Attempt> TryAsync(Pass pass, Batch batch, CancellationToken cancel)
    {
        var (before, number) = (pass.Memory, pass.Memory.Batch + 1);
        batch = batch with
        {
            Number = number,
            Rows = [.. batch.Rows.Select(row => row with { Next = row.Next! with { Batch = number } })],
        };
        if (_guard.Violation(pass.Memory, batch) is { } violation)
        {
            return new Attempt(Broken(pass, violation));
        }

        pass = await IntendAsync(pass, batch, cancel);
        var losant = pass.Wanted.Losant!;
        if (BatchGuard.Unstored(session, batch) is { } unstored)
        {
            return new Attempt(Broken(Withdrawn(pass, before), unstored));
        }

        var isLate = losant.Now - batch.Rows[0].Next!.At > Times.SendWithin;
        if (isLate || !ports.MayStartWrite())
        {
            var why = isLate ? "planned too long ago" : "the lease is about to end";
            return new Attempt(Withdrawn(pass, before) with { Stopped = new Stop(why) });
        }

        var release = pass.Wanted.Release!;
        var order = new ReleaseOrder(release.FlowId, batch.Version, [.. batch.Devices]) { Class = release.Class };
        var answer = await losant.ReleaseAsync(order, cancel);
        pass.Wanted.Poller!.Sent(order.FlowId);
        Log(pass, batch, answer);
        if (answer.Kind is not (ReleaseAnswerKind.Accepted or ReleaseAnswerKind.Unknown))
        {
            session.MustScan = true;
            return new Attempt(Withdrawn(pass, before), answer.Error);
        }

        var isAccepted = answer.Kind == ReleaseAnswerKind.Accepted;
        return new Attempt(
            pass with
            {
                Memory = Sent(pass.Memory, batch.Rows),
                Stopped = isAccepted ? null : new Stop("no answer to a release call", answer.Error),
            }
        );
    }

    /// <summary>Stores the rows and then the intent; a 409 on either means that nothing is sent.</summary>
    private async Task<Pass> IntendAsync(Pass pass, Batch batch, CancellationToken cancel)
    {
        var ahead = With(pass.Memory, batch.Rows);
        await session.Book!.StoreAsync(ahead, pass.Release.Meta.ResourceVersion, cancel);
        var intended = ahead with
        {
            Batch = batch.Number,
            InFlight = new InFlightBatch
            {
                Batch = batch.Number,
                Version = batch.Version,
                Count = batch.Rows.Count,
                Ledger = session.Book.Name,
                At = batch.Rows[0].Next!.At,
            },
        };
        var status = session.Marked(Summary.Remembering(_status, intended));
        var release = await session.WriteAsync(ports, pass.Release, status, cancel);
        return pass with { Memory = intended, Release = release };
    }

    private Pass Broken(Pass pass, string violation)
    {
        ports.Metrics.InvariantRefused();
        var message = $"a batch was not sent: {violation}; please report this";
        return pass with
        {
            Stopped = new Stop(violation) { Obstacle = new Obstacle(Reasons.InvariantRefused, message) },
        };
    }

    private void Log(Pass pass, Batch batch, ReleaseAnswer answer)
    {
        var release = pass.Release.Key.ToString();
        var version = batch.Version ?? "remove";
        Lines.Deploy(
            ports.Log,
            release,
            pass.Memory.Revision,
            version,
            batch.Rows.Count,
            batch.Because,
            answer.Kind.ToString()
        );
    }

    /// <summary>The memory with the rows' written-ahead commands sent.</summary>
    public static Memory Sent(Memory memory, IEnumerable<LedgerRow> rows) =>
        With(memory, rows.Select(row => row.Sent()));

    /// <summary>As before the batch was planned: a row that begins anew for it would forget what was sent last.</summary>
    private static Pass Withdrawn(Pass pass, Memory before) =>
        pass with
        {
            Memory = before with { Batch = pass.Memory.Batch, InFlight = null },
        };

    private static Memory With(Memory memory, IEnumerable<LedgerRow> changed)
    {
        var rows = new Dictionary<DeviceId, LedgerRow>(memory.Rows);
        foreach (var row in changed)
        {
            rows[row.Device] = row;
        }

        return memory with
        {
            Rows = rows,
        };
    }
}

/// <summary>The pass after one call.</summary>
/// <param name="Pass">With the batch sent, or taken out again.</param>
/// <param name="Refused">Why Losant did not take it; null when it did, or may have, or was not asked.</param>
internal sealed record Attempt(Pass Pass, LosantException? Refused = null);

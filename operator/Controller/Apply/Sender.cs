using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Microsoft.Extensions.Logging;

namespace EdgeRelease.Controller;

/// <summary>Sends a plan's batches, one at a time: ledger rows, intent in the status, lease, call (rule 32).</summary>
public sealed class Sender(Ports ports)
{
    /// <summary>Sends the batches until one is not plainly accepted.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="session">The process's copies; its ledger book must be loaded.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="ClusterException">The ledger or the intent was not stored: nothing was sent for it.</exception>
    public async Task<Pass> SendAsync(Pass pass, Session session, CancellationToken cancel)
    {
        var isChecked = false;
        foreach (var batch in pass.Plan.Batches)
        {
            if (batch.Kind == CommandKind.Forward && !isChecked)
            {
                isChecked = await IsAccountUnchangedAsync(pass, cancel);
                if (!isChecked)
                {
                    return pass with { Stopped = new Stop("the LosantApplication changed during the pass") };
                }
            }

            pass = await SendAsync(pass, batch, session, cancel);
            if (pass.Stopped is not null)
            {
                return pass;
            }
        }

        return pass;
    }

    private async Task<Pass> SendAsync(Pass pass, Batch batch, Session session, CancellationToken cancel)
    {
        var number = pass.Memory.Batch + 1;
        batch = batch with
        {
            Number = number,
            Rows = [.. batch.Rows.Select(row => row with { Next = row.Next! with { Batch = number } })],
        };
        if (BatchGuard.Violation(pass, batch) is { } violation)
        {
            ports.Metrics.InvariantRefused();
            return pass with { Stopped = new Stop(violation, IsRefusal: true) };
        }

        pass = await IntendAsync(pass, batch, session, cancel);
        var losant = pass.Wanted.Losant!;
        var isLate = losant.Now - batch.Rows[0].Next!.At > Times.SendWithin;
        if (isLate || !ports.MayStartWrite())
        {
            return pass with
            {
                Memory = Withdrawn(pass.Memory, batch),
                Stopped = new Stop(isLate ? "planned too long ago" : "the lease is about to end"),
            };
        }

        var order = new ReleaseOrder(pass.Wanted.Release!.FlowId, batch.Version, [.. batch.Devices]);
        var answer = await losant.ReleaseAsync(order, cancel);
        Log(pass, batch, answer);
        return answer.Kind switch
        {
            ReleaseAnswerKind.Accepted => pass with { Memory = Sent(pass.Memory, batch) },
            ReleaseAnswerKind.Unknown => pass with
            {
                Memory = Sent(pass.Memory, batch),
                Stopped = new Stop("no answer to a release call", answer.Error),
            },
            _ => await RefusedAsync(pass, batch, answer, session, cancel),
        };
    }

    /// <summary>Stores the rows and then the intent; a 409 on either means that nothing is sent.</summary>
    private async Task<Pass> IntendAsync(Pass pass, Batch batch, Session session, CancellationToken cancel)
    {
        var ahead = With(pass.Memory, batch.Rows);
        await session.Book!.StoreAsync(ahead, cancel);
        var intended = ahead with
        {
            Batch = batch.Number,
            InFlight = new Api.InFlightBatch
            {
                Batch = batch.Number,
                Version = batch.Version,
                Count = batch.Rows.Count,
                Ledger = session.Book.Name,
                At = batch.Rows[0].Next!.At,
            },
        };
        var planned = pass with { Memory = intended };
        var status = planned.Status(ports.Time.GetUtcNow());
        var json = await ports.Cluster.ReplaceAsync(Kinds.Release, pass.Release.With(status), "status", cancel);
        session.Written = ReleaseObject.Of(json);
        session.WrittenAt = ports.Time.GetTimestamp();
        return planned with { Release = session.Written };
    }

    /// <summary>A refused batch changed nothing. A 400 is cut in two until the id that Losant does not take is alone
    /// (F096); that one counts as sent and will not be accepted.</summary>
    private async Task<Pass> RefusedAsync(
        Pass pass,
        Batch batch,
        ReleaseAnswer answer,
        Session session,
        CancellationToken cancel
    )
    {
        var withdrawn = pass with { Memory = Withdrawn(pass.Memory, batch) };
        if (answer.Error is not { Status: 400 })
        {
            return withdrawn with { Stopped = new Stop("Losant refused a release call", answer.Error) };
        }

        if (batch.Rows.Count == 1)
        {
            var ignored = batch.Rows[0] with { Next = batch.Rows[0].Next! with { Repeats = 1 } };
            return pass with { Memory = Sent(pass.Memory, batch with { Rows = [ignored] }) };
        }

        foreach (var half in batch.Rows.Chunk((batch.Rows.Count + 1) / 2))
        {
            withdrawn = await SendAsync(withdrawn, batch with { Rows = half }, session, cancel);
            if (withdrawn.Stopped is not null)
            {
                return withdrawn;
            }
        }

        return withdrawn;
    }

    private async Task<bool> IsAccountUnchangedAsync(Pass pass, CancellationToken cancel)
    {
        var planned = pass.Wanted.Account!.Meta;
        var live = await ports.Cluster.FindAsync(Kinds.Application, planned.Key, cancel);
        return live is { } json
            && ApplicationObject.Of(json).Meta is { DeletionTimestamp: null } meta
            && meta.Uid == planned.Uid
            && meta.Generation == planned.Generation;
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

    private static Memory Sent(Memory memory, Batch batch) => With(memory, batch.Rows.Select(row => row.Sent()));

    private static Memory Withdrawn(Memory memory, Batch batch) =>
        With(memory, batch.Rows.Select(row => row with { Next = null })) with
        {
            InFlight = null,
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

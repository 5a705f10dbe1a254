using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Sends a plan's batches, one at a time, and finds out what is behind a refusal.</summary>
/// <param name="ports">The outside world.</param>
/// <param name="claimants">The other releases of a release's flow.</param>
public sealed class Sender(Ports ports, Claimants claimants)
{
    /// <summary>Sends the batches until one is not plainly accepted.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="session">The process's copies; its ledger book must be loaded.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="ClusterException">The ledger or the intent was not stored: nothing was sent for it.</exception>
    public async Task<Pass> SendAsync(Pass pass, Session session, CancellationToken cancel)
    {
        if (pass.Plan.Batches.Count == 0)
        {
            return pass;
        }

        var call = new ReleaseCall(ports, session, pass);
        (CommandKind, bool)? begun = null;
        foreach (var batch in pass.Plan.Batches)
        {
            var way = (batch.Kind, IsOffered(batch));
            if (begun != way && !await MayBeginAsync(pass, batch, cancel))
            {
                return pass with { Stopped = new Stop("the LosantApplication changed during the pass") };
            }

            begun = way;
            if (!claimants.AreAsPlanned(pass))
            {
                return pass with { Stopped = new Stop("another release of the flow changed during the pass") };
            }

            pass = await SendAsync(pass, batch, call, cancel);
            if (pass.Stopped is not null)
            {
                return pass;
            }
        }

        return pass;
    }

    private static async Task<Pass> SendAsync(Pass pass, Batch batch, ReleaseCall call, CancellationToken cancel)
    {
        if (batch.Version is { } version && call.Session.MissingVersions.Contains(version))
        {
            var (missing, failure) = await Culprit.AskAsync(() =>
                Culprit.MissingVersionAsync(pass.Wanted, batch, cancel)
            );
            if (failure is not null)
            {
                return pass with { Stopped = Stopped(failure) };
            }

            if (missing is not null)
            {
                return pass with { Refusals = [.. pass.Refusals, missing] };
            }

            call.Session.MissingVersions.Remove(version);
        }

        var attempt = await call.TryAsync(pass, batch, cancel);
        return attempt.Refused is null ? attempt.Pass : await RefusedAsync(attempt, batch, call, cancel);
    }

    /// <summary>A refused batch changed nothing. Losant does not say whether the application, the flow, the version or
    /// a device is the cause (F121): a version that is gone concerns its own batch alone, a device is searched for.</summary>
    private static async Task<Pass> RefusedAsync(
        Attempt attempt,
        Batch batch,
        ReleaseCall call,
        CancellationToken cancel
    )
    {
        var (pass, error) = (attempt.Pass, attempt.Refused!);
        if (error.Status is not (400 or 404))
        {
            return pass with { Stopped = Stopped(error) };
        }

        var (culprit, failure) = await Culprit.AskAsync(() => Culprit.FindAsync(pass.Wanted, batch, cancel));
        if (failure is not null)
        {
            return pass with { Stopped = Stopped(failure) };
        }

        if (culprit is null)
        {
            return await HalvedAsync(attempt, batch, call, cancel);
        }

        if (batch.Kind == CommandKind.Forward || culprit.Reason != Reasons.VersionNotFound)
        {
            return pass with { Stopped = new Stop("Losant refused a release call", error) { Obstacle = culprit } };
        }

        call.Session.MissingVersions.Add(batch.Version!);
        return pass with
        {
            Refusals = [.. pass.Refusals, culprit],
            News = [.. pass.News, new Notice(culprit.Reason, culprit.Message, IsWarning: true)],
        };
    }

    /// <summary>Cuts a refused batch in two until the ids that Losant does not take are alone (F096); those count as
    /// sent and will not be accepted. Where it takes nothing at all the ids are not the cause.</summary>
    private static async Task<Pass> HalvedAsync(
        Attempt attempt,
        Batch batch,
        ReleaseCall call,
        CancellationToken cancel
    )
    {
        var halving = new Halving(batch.Rows);
        var pass = attempt.Pass;
        while (halving.Next() is { } rows)
        {
            attempt = await call.TryAsync(pass, batch with { Rows = rows }, cancel);
            pass = attempt.Pass;
            if (pass.Stopped is not null)
            {
                return pass;
            }

            if (attempt.Refused is { Status: not (400 or 404) } other)
            {
                return pass with { Stopped = Stopped(other) };
            }

            halving.Heard(rows, isAccepted: attempt.Refused is null);
        }

        var isProven = halving.IsAccepted || batch.Kind == CommandKind.Back || Halving.HasBegun(pass.Memory);
        return isProven && !halving.IsHopeless
            ? WithIgnored(pass, batch, halving.Alone)
            : pass with
            {
                Stopped = new Stop("Losant refused a release call", attempt.Refused)
                {
                    Obstacle = Culprit.Devices(attempt.Refused!, batch),
                },
            };
    }

    private static Pass WithIgnored(Pass pass, Batch batch, IReadOnlyList<LedgerRow> rows)
    {
        if (rows.Count == 0)
        {
            return pass;
        }

        var ignored = rows.Select(row =>
            row with
            {
                Next = row.Next! with { Batch = pass.Memory.Batch, Repeats = row.Next.Repeats + 1 },
            }
        );
        var names = Names.Of(rows.Select(row => row.Device));
        var news = $"Losant does not take {batch.Version ?? "the removal"} for {Names.Count(rows.Count)}: {names}";
        return pass with
        {
            Memory = ReleaseCall.Sent(pass.Memory, ignored),
            News = [.. pass.News, new Notice("DeviceRefused", news, IsWarning: true)],
        };
    }

    private static Stop Stopped(LosantException error) =>
        new("Losant refused a release call", error)
        {
            Obstacle = error.Kind == ErrorKind.Terminal ? Advice.Obstacle(error) : null,
        };

    /// <summary>The LosantApplication is asked again before the first call each way: it may have been frozen since
    /// (rule 32). Devices go back whatever else changed of it; without it, or by the token of another, nothing is sent.</summary>
    private async Task<bool> MayBeginAsync(Pass pass, Batch batch, CancellationToken cancel)
    {
        var planned = pass.Wanted.Account!.Meta;
        var live = await ports.Cluster.FindAsync(Kinds.Application, planned.Key, cancel);
        if (live is not { } json || ApplicationObject.Of(json) is not { } now || now.Meta.Uid != planned.Uid)
        {
            return false;
        }

        var isKnown = now.Meta.Generation == planned.Generation;
        if (batch.Kind == CommandKind.Forward)
        {
            return now.Meta.DeletionTimestamp is null && isKnown;
        }

        return now.Spec.Frozen is not { } frozen
            || (frozen.Scope != FreezeScope.Everything && (isKnown || !IsOffered(batch)));
    }

    /// <summary>Whether devices go back only because they or the release leave, which a freeze holds.</summary>
    private static bool IsOffered(Batch batch) =>
        batch.Rows[0].Next is { Kind: CommandKind.Back, Cause: BackCause.Deletion or BackCause.Left };
}

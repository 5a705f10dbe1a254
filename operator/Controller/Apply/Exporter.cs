using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Asks for the bundle of a revision's first device, once: that it was asked for is stored before the call, so that
/// a lost answer is never followed by a second call (F127). Losant exports what is desired when it is asked, and takes one
/// wish in five minutes: so the deployment is read anew just before.</summary>
internal sealed class Exporter(Ports ports)
{
    private const int LongestError = 256;

    /// <summary>Asks for what the plan wants.</summary>
    /// <param name="pass">The pass after its calls.</param>
    /// <param name="session">The process's copies.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="ClusterException">The intent was not stored: nothing was sent.</exception>
    public async Task<Pass> ExportAsync(Pass pass, Session session, CancellationToken cancel)
    {
        if (
            pass is not { Stopped: null, Plan.Export: { } wish }
            || await LookedAtAsync(pass, wish, cancel) is not { } asked
        )
        {
            return pass;
        }

        if (asked.State == ExportState.Refused)
        {
            return Told(pass, asked);
        }

        pass = await StoredAsync(pass, asked, session, cancel);
        if (!ports.MayStartWrite())
        {
            return With(pass, asked with { State = ExportState.Throttled, Error = "the lease was about to end" });
        }

        var order = new ExportOrder(wish.Device, wish.Spec.CallbackUrl) { Gzip = wish.Spec.Gzip };
        var answer = await pass.Wanted.Losant!.ExportAsync(order, cancel);
        var known = asked with
        {
            State = StateOf(answer),
            JobId = answer.JobId,
            Error = answer.Error is { } error ? Short(error.Message) : null,
        };
        return Told(pass, known);
    }

    /// <summary>What to store once Losant shows that the bundle still is the one that is meant; null while it does not, or
    /// cannot be read: the next pass looks again. What the token may not read is refused.</summary>
    private static async Task<ExportStatus?> LookedAtAsync(Pass pass, BundleWish wish, CancellationToken cancel)
    {
        var losant = pass.Wanted.Losant!;
        var asked = new ExportStatus { Revision = pass.Memory.Revision, Device = wish.Device.ToString() };
        try
        {
            var row = await losant.FindBundleAsync(wish.Deployment, pass.Wanted.Release!.FlowId, cancel);
            return row is { Bundle.Desired: { } bundle, Desired: var desired } && desired == wish.Version
                ? asked with
                {
                    Bundle = bundle,
                    At = losant.Now ?? pass.Plan.Now,
                }
                : null;
        }
        catch (LosantException failed) when (failed.Kind == ErrorKind.Terminal)
        {
            return asked with
            {
                At = losant.Now ?? pass.Plan.Now,
                State = ExportState.Refused,
                Error = Short(failed.Message),
            };
        }
        catch (LosantException)
        {
            return null;
        }
    }

    private static Pass Told(Pass pass, ExportStatus known) =>
        With(pass, known) with
        {
            News = [.. pass.News, NoticeOf(known)],
        };

    private static ExportState StateOf(ExportAnswer answer) =>
        answer.Kind switch
        {
            ReleaseAnswerKind.Accepted => ExportState.Queued,
            ReleaseAnswerKind.Refused when answer.Error is { Kind: not ErrorKind.Terminal } => ExportState.Throttled,
            ReleaseAnswerKind.Refused => ExportState.Refused,
            _ => ExportState.Unknown,
        };

    private static Notice NoticeOf(ExportStatus known) =>
        known.State switch
        {
            ExportState.Queued => new Notice(
                "BundleExported",
                $"Losant compiles bundle {known.Bundle} of {known.Device} for the callback, as job {known.JobId ?? "without a name"}"
            ),
            ExportState.Throttled => new Notice(
                "BundleExportWaits",
                $"the bundle of {known.Device} is asked for again in five minutes: {known.Error}"
            ),
            ExportState.Refused => new Notice(
                "BundleExportRefused",
                $"the bundle of {known.Device} is not exported: {known.Error}",
                IsWarning: true
            ),
            _ => new Notice(
                "BundleExportUnknown",
                $"whether the bundle of {known.Device} will be exported is not known, it is not asked for again: {known.Error}",
                IsWarning: true
            ),
        };

    private async Task<Pass> StoredAsync(Pass pass, ExportStatus asked, Session session, CancellationToken cancel)
    {
        var intended = With(pass, asked);
        // A ledger that was rebuilt in this pass is not stored yet.
        var status = Summary.Remembering(pass.BeforeCalls(ports.Time.GetUtcNow()), intended.Memory) with
        {
            LedgerLost = pass.Before?.LedgerLost,
        };
        return intended with { Release = await session.WriteAsync(ports, pass.Release, status, cancel) };
    }

    private static Pass With(Pass pass, ExportStatus known) =>
        pass with
        {
            Memory = pass.Memory with { Export = known },
        };

    private static string Short(string text) => text.Length <= LongestError ? text : text[..LongestError];
}

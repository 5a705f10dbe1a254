using EdgeRelease.Api;
using EdgeRelease.Losant;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Finds out by reading what a release call lacks: Losant's 404 and 400 do not say (F121).</summary>
internal static class Culprit
{
    /// <summary>The answer to one of the questions below, or why there is none: after a call nothing may throw before
    /// what was stored for it is reported.</summary>
    public static async Task<(Obstacle? Found, LosantException? Failed)> AskAsync(Func<Task<Obstacle?>> question)
    {
        try
        {
            return (await question(), null);
        }
        catch (LosantException e)
        {
            return (null, e);
        }
    }

    /// <summary>What is gone, with what to do; null when application, flow and version are there, so that the call's
    /// devices are the cause.</summary>
    /// <exception cref="LosantException">Losant gave no usable answer.</exception>
    public static async Task<Obstacle?> FindAsync(Wanted wanted, Batch batch, CancellationToken cancel)
    {
        var losant = wanted.Losant!;
        if (await losant.FindApplicationAsync(cancel) is null)
        {
            return Missing.Application(wanted.Account!);
        }

        return (await losant.FindFlowsAsync(wanted.Release!.FlowId, cancel)).Count == 0
            ? new Obstacle(
                Reasons.FlowNotFound,
                $"application {wanted.Account!.Spec.ApplicationId} no longer has flow {NameOf(wanted)}: create a new release for another flow"
            )
            : await MissingVersionAsync(wanted, batch, cancel);
    }

    /// <summary>That the flow has no longer the batch's version; null when it has, or when the batch removes it.</summary>
    /// <exception cref="LosantException">Losant gave no usable answer.</exception>
    public static async Task<Obstacle?> MissingVersionAsync(Wanted wanted, Batch batch, CancellationToken cancel)
    {
        var flowId = wanted.Release!.FlowId;
        if (
            batch.Version is not { } version
            || await wanted.Losant!.FindVersionAsync(flowId, version, cancel) is not null
        )
        {
            return null;
        }

        return batch.Kind == CommandKind.Forward
            ? Missing.Version(NameOf(wanted), version)
            : new Obstacle(
                Reasons.VersionNotFound,
                $"{Names.Count(batch.Rows.Count)} cannot go back to {version}, which flow {NameOf(wanted)} no longer has: publish it "
                    + $"again in Losant, or give them another version there: {Names.Of(batch.Devices)}"
            );
    }

    /// <summary>That Losant takes none of a batch's devices although all else is there.</summary>
    public static Obstacle Devices(LosantException error, Batch batch) =>
        new(
            Reasons.LosantRefused,
            $"{error.Message}, yet application, flow and version are there: find out in Losant why it cannot be released to "
                + $"{Names.Of(batch.Devices)}, or leave them out by spec.exclude"
        );

    private static string NameOf(Wanted wanted) => wanted.Flow?.Name ?? wanted.Release!.FlowId;
}

/// <summary>What Losant does not have, in the same words wherever it is found out.</summary>
internal static class Missing
{
    public static Obstacle Application(ApplicationObject account) =>
        new(
            Reasons.ApplicationNotFound,
            $"Losant has no application {account.Spec.ApplicationId}: create LosantApplication {account.Meta.Name} anew with the right "
                + "applicationId"
        );

    public static Obstacle Version(string flow, string? version) =>
        new(
            Reasons.VersionNotFound,
            $"flow {flow} has no version {version}: publish it in Losant or correct spec.version"
        );
}

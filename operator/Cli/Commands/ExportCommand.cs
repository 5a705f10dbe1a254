using System.CommandLine;
using EdgeRelease.Controller;
using EdgeRelease.Losant;
using EdgeRelease.Observation;

namespace EdgeRelease.Cli;

/// <summary>Asks Losant for the bundle of a microcontroller, for a test on a bench (F127).</summary>
internal static class ExportCommand
{
    public static Verb Of(Frame frame)
    {
        var name = frame.Release();
        var device = new Argument<string>("DEVICE") { Description = "the microcontroller's id, 24 hex digits" };
        var callback = new Option<string>("--callback")
        {
            Description = "where Losant posts a link to the bundle: an absolute URL",
            Required = true,
            HelpName = "URL",
        };
        var gzip = new Option<bool>("--gzip") { Description = "compressed" };
        var hosts = Lookout.Hosts();
        return new Verb(
            "export",
            "Asks Losant for the bundle of a microcontroller. It takes one such wish in five minutes for an application.",
            "export pump-control 575ed18f7ae143cd83dc4aa6 --callback https://bench.example/hook"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var order = Order(parsed.GetValue(device)!, parsed.GetValue(callback)!) with
                {
                    Gzip = parsed.GetValue(gzip),
                };
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var job = await AskAsync(
                    new Lookout(cluster, parsed.GetValue(hosts)!, screen.Time),
                    release,
                    order,
                    cancel
                );
                screen.Write($"{order.Device}: queued as job {job ?? "without a name"}");
                return Exit.Reached;
            },
            name,
            device,
            callback,
            gzip,
            hosts
        );
    }

    private static ExportOrder Order(string device, string callback)
    {
        var id = Arguments.Device(device);
        return
            callback.Length <= 1024
            && Uri.TryCreate(callback, UriKind.Absolute, out var url)
            && url.Scheme is "http" or "https"
            ? new ExportOrder(id, callback)
            : throw new CliException($"{callback} is no absolute URL of http or https with at most 1,024 characters");
    }

    /// <summary>Asks for a bundle, once.</summary>
    /// <returns>What Losant calls the job; null when it has no name.</returns>
    private static async Task<string?> AskAsync(
        Lookout lookout,
        ReleaseObject release,
        ExportOrder order,
        CancellationToken cancel
    )
    {
        var wanted = (await lookout.LookAsync(release, cancel)).Wanted;
        if (wanted.Release!.Class != DeviceClass.Embedded)
        {
            throw new CliException($"{release.Meta.Name} releases an edge flow: only microcontrollers have bundles");
        }

        using var connector = lookout.Connector();
        var (losant, missing) = await lookout.OpenAsync(connector, wanted.Account!, cancel);
        var answer = losant is null ? throw new CliException(missing!) : await losant.ExportAsync(order, cancel);
        return answer switch
        {
            { Kind: ReleaseAnswerKind.Accepted } => answer.JobId,
            { Error.Status: 429 } => throw new CliException(
                "Losant takes one export in five minutes for an application: try again later"
            ),
            { Error.Status: 404 } => throw new CliException(
                $"Losant has no bundle of device {order.Device}: check the id"
            ),
            { Kind: ReleaseAnswerKind.Unknown } => throw new CliException(
                $"{answer.Error!.Message}; it may be queued all the same: look at the callback before asking again"
            ),
            _ => throw Lookout.Refused(answer.Error!),
        };
    }
}

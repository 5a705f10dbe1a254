using System.CommandLine;
using EdgeRelease.Planning;

namespace EdgeRelease.Cli;

/// <summary>Tells why one device is where it is (F105).</summary>
internal static class WhyCommand
{
    public static Verb Of(Frame frame)
    {
        var name = frame.Release();
        var device = new Argument<string>("DEVICE") { Description = "the device's id, 24 hex digits" };
        var hosts = Lookout.Hosts();
        var output = Frame.Output(Form.Json, Form.Yaml);
        return new Verb(
            "why",
            "Tells the first rule that keeps a device where it is, and when that could change.",
            "why line-monitor 575ed18f7ae143cd83dc4aa6"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var id = Arguments.Device(parsed.GetValue(device)!);
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var lookout = new Lookout(cluster, parsed.GetValue(hosts)!, screen.Time);
                var preview = await lookout.LookAsync(release, cancel);
                var why = preview.Plan!.Why(id);
                if (why.Rule == "NotSelected" && !await lookout.KnowsAsync(preview, id, cancel))
                {
                    var application = preview.Wanted.Application!;
                    throw new CliException(
                        $"application {application.Name} ({application.Id}) has no device {id}: check the id"
                    );
                }

                Tell(screen, id.ToString(), why, parsed.GetValue(output));
                return Exit.Reached;
            },
            name,
            device,
            hosts,
            output
        );
    }

    private static void Tell(Screen screen, string device, Explanation why, Form form)
    {
        if (form.IsDocument())
        {
            var document = Output.Document(
                ("device", device),
                ("rule", why.Rule),
                ("sentence", why.Sentence),
                ("until", why.Until.Text())
            );
            screen.Print(document, form);
            return;
        }

        screen.Write(Lines(device, why, screen.Time.GetUtcNow(), screen.Width).Select(line => new Line(line)));
    }

    /// <summary>The answer for people.</summary>
    /// <param name="device">The device's id.</param>
    /// <param name="why">Why it is where it is.</param>
    /// <param name="now">The time, for what is still to come.</param>
    /// <param name="width">Columns.</param>
    public static IEnumerable<string> Lines(string device, Explanation why, DateTimeOffset now, int width)
    {
        var until = why.Until is { } at ? $"; {Words.Until(at, now)}" : "";
        return Words.Wrapped($"{device}: {why.Rule}: {why.Sentence}{until}", width);
    }
}

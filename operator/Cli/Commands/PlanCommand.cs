using System.CommandLine;

namespace EdgeRelease.Cli;

/// <summary>Tells what a release of a file would do, before it is applied (F092).</summary>
internal static class PlanCommand
{
    public static Verb Of(Frame frame)
    {
        var file = new Option<string>("--filename", "-f")
        {
            Description = "a file with the EdgeRelease; - for stdin",
            Required = true,
            HelpName = "FILE",
        };
        var hosts = Lookout.Hosts();
        var output = Frame.Output(Form.Wide, Form.Json, Form.Yaml);
        return new Verb(
            "plan",
            "Tells what a release would do: its steps, what is left out and why, what moves first. Nothing is written.",
            "plan -f release.yaml",
            "plan -f release.yaml -o wide"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, form) = (frame.Screen(parsed), parsed.GetValue(output));
                var lookout = new Lookout(frame.Cluster(parsed), parsed.GetValue(hosts)!, screen.Time);
                var release = await lookout.PlannedAsync(parsed.GetValue(file)!, cancel);
                var preview = await lookout.LookAsync(release, cancel);
                if (form.IsDocument())
                {
                    screen.Print(PlanView.Document(release, preview), form);
                }
                else
                {
                    screen.Write(PlanView.Lines(release, preview, form == Form.Wide, screen.Width));
                }

                return Exit.Reached;
            },
            file,
            hosts,
            output
        );
    }
}

using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeRelease.Cli;

/// <summary>Looks for what keeps a namespace's releases from working: cluster, kinds, rights, tokens, clock (F112).</summary>
internal static class DoctorCommand
{
    public static Verb Of(Frame frame)
    {
        var hosts = Lookout.Hosts();
        var output = Frame.Output(Form.Json, Form.Yaml);
        return new Verb(
            "doctor",
            "Looks at the cluster and at each LosantApplication: reachable, scopes of the token, clock. Nothing is written.",
            "doctor",
            "doctor -n plant-a -o json"
        ).Doing(
            async (parsed, cancel) =>
            {
                var screen = frame.Screen(parsed);
                var (kubectl, cluster) = (frame.Kubectl(parsed), frame.Cluster(parsed));
                var findings = await ClusterFindings.OfAsync(kubectl, cancel);
                if (findings.TrueForAll(each => each.IsWell != false))
                {
                    var lookout = new Lookout(cluster, parsed.GetValue(hosts)!, screen.Time);
                    findings.AddRange(await new LosantFindings(lookout, screen.Time).OfAsync(cancel));
                }

                Tell(screen, findings, parsed.GetValue(output));
                return findings.Exists(each => each.IsWell == false) ? Exit.Error : Exit.Reached;
            },
            hosts,
            output
        );
    }

    private static void Tell(Screen screen, IReadOnlyList<Finding> findings, Form form)
    {
        if (form.IsDocument())
        {
            screen.Print(Output.Document(("findings", new JsonArray([.. findings.Select(Document)]))), form);
            return;
        }

        screen.Write(findings.SelectMany(each => Lines(each, screen.Width)));
    }

    private static JsonObject Document(Finding each) =>
        Output.Document(("what", each.What), ("well", each.IsWell), ("text", each.Text));

    private static IEnumerable<Line> Lines(Finding each, int width)
    {
        var (mark, tone) = each.IsWell switch
        {
            true => ("ok", Tone.Good),
            false => ("FAIL", Tone.Bad),
            null => ("?", Tone.Waits),
        };
        return Words.Wrapped($"{mark} {each.What}: {each.Text}", width, 6).Select(line => new Line(line, tone));
    }
}

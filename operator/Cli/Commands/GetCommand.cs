using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeRelease.Cli;

/// <summary>Shows releases: all as a table, one as a tree, live if asked.</summary>
internal static class GetCommand
{
    public static Verb Of(Frame frame)
    {
        var name = frame.Release();
        name.Arity = ArgumentArity.ZeroOrOne;
        name.Description = "the release; without it all of the namespace are listed";
        var watch = new Option<bool>("--watch", "-w")
        {
            Description = "stay and show each change; redrawn in a terminal, a line a change elsewhere",
        };
        var output = Frame.Output(Form.Wide, Form.Json, Form.Yaml);
        return new Verb(
            "get",
            "Shows a release as a tree: its steps, who fails and who is on the way, and what it waits for.",
            "get",
            "get line-monitor -w",
            "get line-monitor -o yaml"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster, form) = (frame.Screen(parsed), frame.Cluster(parsed), parsed.GetValue(output));
                if (parsed.GetValue(name) is not { } asked)
                {
                    return await TableAsync(screen, cluster, form, parsed.GetValue(watch), cancel);
                }

                if (!parsed.GetValue(watch))
                {
                    await ShowAsync(screen, cluster, asked, form, cancel);
                    return Exit.Reached;
                }

                return form.IsDocument()
                    ? throw new CliException("-w shows text only: leave out -o, or use kubectl get er -w -o json")
                    : await new Live(screen, cluster, asked).RunAsync(cancel);
            },
            name,
            watch,
            output
        );
    }

    private static async Task<int> TableAsync(
        Screen screen,
        Cluster cluster,
        Form form,
        bool isWatched,
        CancellationToken cancel
    )
    {
        if (isWatched)
        {
            throw new CliException("-w needs the name of a release; for all of them use kubectl get er -w");
        }

        var format = form == Form.Text ? "" : form.ToString().ToLowerInvariant();
        var table = await cluster.TableAsync(format, cancel);
        if (table.Length == 0)
        {
            var ns = await cluster.NamespaceAsync(cancel);
            screen.Error.WriteLine($"there is no release in namespace {ns}: create one, or choose another with -n");
        }

        await screen.Out.WriteAsync(table);
        return Exit.Reached;
    }

    private static async Task ShowAsync(
        Screen screen,
        Cluster cluster,
        string name,
        Form form,
        CancellationToken cancel
    )
    {
        var release = await cluster.ReleaseAsync(name, cancel);
        if (form.IsDocument())
        {
            screen.Print(JsonObject.Create(release.Json)!, form);
            return;
        }

        var sight = new Sight(release, await cluster.RowsAsync(release, cancel));
        var width = form == Form.Wide ? int.MaxValue : screen.Width;
        screen.Write(TreeView.Of(sight, screen.Time.GetUtcNow(), width));
    }
}

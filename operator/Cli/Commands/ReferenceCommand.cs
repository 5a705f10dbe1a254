using System.CommandLine;
using System.Text;

namespace EdgeRelease.Cli;

/// <summary>Prints the page of all commands, which is committed as operator/Cli/README.md.</summary>
internal static class ReferenceCommand
{
    public static Verb Of(Frame frame)
    {
        var verb = new Verb("reference", "Prints this page.").Doing(
            (parsed, _) =>
            {
                frame.Screen(parsed).Out.Write(Text((RootCommand)parsed.RootCommandResult.Command));
                return Task.FromResult(Exit.Reached);
            }
        );
        verb.Hidden = true;
        return verb;
    }

    /// <summary>The page, in Markdown.</summary>
    public static string Text(RootCommand root)
    {
        var page = new StringBuilder(Head);
        page.Append("| command | does |\n|---|---|\n");
        var verbs = root.Subcommands.OfType<Verb>().Where(verb => !verb.Hidden).ToList();
        foreach (var verb in verbs)
        {
            page.Append($"| [{verb.Name}](#{verb.Name}) | {verb.Description} |\n");
        }

        page.Append("\nEvery command takes these:\n\n");
        Options(page, root.Options.Where(option => option.Recursive && option.Name != "--help"));
        foreach (var verb in verbs)
        {
            Section(page, verb);
        }

        return page.ToString();
    }

    private const string Head = """
        # kubectl edgerelease

        One program, `kubectl-edgerelease`, to be put on the PATH: then kubectl finds it as `kubectl edgerelease`. It reaches the
        cluster through your own kubectl, so whatever login works there works here; what you may not do with kubectl you may not
        do with it. `make generate` writes this page from the commands.

        Exit codes: 0 done or reached; 1 an error, said in one line that says what to do; and of `status` 2 rolled back, 3 goes on
        only once a person acts, 4 not reached within the time; 130 when Ctrl-C ended it, as `kubectl get -w` does.

        Devices are shown by their ids: a release and its ledger hold nothing else, and what `plan` and `why` read of Losant with
        the application's token goes no further. The id is in the address of the device's page at Losant.


        """;

    private static void Section(StringBuilder page, Verb verb)
    {
        page.Append($"\n## {verb.Name}\n\n{verb.Description}\n\n```sh\n");
        page.AppendJoin('\n', verb.Examples).Append("\n```\n\n");
        if (verb.Arguments.Count + verb.Options.Count(option => !option.Hidden) == 0)
        {
            return;
        }

        page.Append("| | |\n|---|---|\n");
        foreach (var argument in verb.Arguments)
        {
            var shown = argument.Arity.MinimumNumberOfValues == 0 ? $"[{argument.Name}]" : argument.Name;
            page.Append($"| `{shown}` | {argument.Description} |\n");
        }

        Rows(page, verb.Options);
    }

    private static void Options(StringBuilder page, IEnumerable<Option> options)
    {
        page.Append("| | |\n|---|---|\n");
        Rows(page, options);
    }

    private static void Rows(StringBuilder page, IEnumerable<Option> options)
    {
        foreach (var option in options.Where(option => !option.Hidden))
        {
            var names = string.Join(", ", option.Aliases.Append(option.Name).Select(name => $"`{name}`"));
            var value = option.HelpName is { } help ? $" {help.Replace("|", ", ", StringComparison.Ordinal)}" : "";
            page.Append($"| {names}{value} | {option.Description} |\n");
        }
    }
}

using System.CommandLine;

namespace EdgeRelease.Cli;

/// <summary>What all commands share: the options of the cluster and of the screen.</summary>
/// <param name="screen">The screen before its options are read.</param>
internal sealed class Frame(Screen screen)
{
    private readonly Option<string?> _namespace = Connection("--namespace", "the namespace", "-n");
    private readonly Option<string?> _context = Connection("--context", "the context of the kubeconfig");
    private readonly Option<string?> _kubeconfig = Connection("--kubeconfig", "the kubeconfig file");

    private readonly Option<bool> _plain = new("--no-color")
    {
        Description = "print no colours; the variable NO_COLOR does the same",
        Recursive = true,
    };

    /// <summary>The options that every command has, in the order of the help.</summary>
    public IReadOnlyList<Option> Options => [_namespace, _context, _kubeconfig, _plain];

    /// <summary>The screen as the user wants it.</summary>
    public Screen Screen(ParseResult parsed) => parsed.GetValue(_plain) ? screen with { HasColor = false } : screen;

    /// <summary>The cluster that the user means.</summary>
    public Cluster Cluster(ParseResult parsed) => new(Kubectl(parsed));

    /// <summary>The user's kubectl with the options of the cluster.</summary>
    public Kubectl Kubectl(ParseResult parsed) =>
        new([
            .. new[] { _namespace, _context, _kubeconfig }
                .Select(option => (option.Name, Value: parsed.GetValue(option)))
                .Where(given => given.Value is not null)
                .Select(given => $"{given.Name}={given.Value}"),
        ]);

    /// <summary>The name of a release, completed by those that there are.</summary>
    public Argument<string> Release()
    {
        var name = new Argument<string>("NAME") { Description = "the release" };
        name.CompletionSources.Add(context => Names(context.ParseResult));
        return name;
    }

    /// <summary>The option of the output's form.</summary>
    /// <param name="forms">Those that the command has, beside text.</param>
    public static Option<Form> Output(params Form[] forms)
    {
        var words = forms.Select(form => form.ToString().ToLowerInvariant()).ToArray();
        var option = new Option<Form>("--output", "-o")
        {
            Description = $"{string.Join(", ", words)}; default: for people",
            HelpName = string.Join('|', words),
            CustomParser = result =>
            {
                var word = result.Tokens[0].Value;
                var index = Array.IndexOf(words, word);
                if (index < 0)
                {
                    result.AddError($"-o {word} is unknown: use {string.Join(", ", words)}");
                }

                return index < 0 ? Form.Text : forms[index];
            },
        };
        option.CompletionSources.Clear();
        option.CompletionSources.Add(words);
        return option;
    }

    private IEnumerable<System.CommandLine.Completions.CompletionItem> Names(ParseResult parsed)
    {
        try
        {
            var what = KubectlCluster.Resource(Controller.Kinds.Release);
            string[] ask = ["get", what, "-o", "jsonpath={.items[*].metadata.name}", "--request-timeout=2s"];
            var names = Task.Run(() => Kubectl(parsed).RunAsync(ask, CancellationToken.None)).GetAwaiter().GetResult();
            return names
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(name => new System.CommandLine.Completions.CompletionItem(name));
        }
        catch (KubectlException)
        {
            return [];
        }
    }

    private static Option<string?> Connection(string name, string what, params string[] aliases) =>
        new(name, aliases)
        {
            Description = $"{what}, as kubectl takes it",
            Recursive = true,
            HelpName = name[2..].ToUpperInvariant(),
        };
}

using System.CommandLine;

namespace EdgeRelease.Cli;

/// <summary>Prints scripts by which shells complete commands, options and the names of releases.</summary>
internal static class CompletionCommand
{
    private const string Bash = """
        # source <(kubectl edgerelease completion bash)
        _kubectl_edgerelease() {
          local word=${COMP_WORDS[COMP_CWORD]}
          local all; all=$(kubectl-edgerelease "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
          mapfile -t COMPREPLY < <(compgen -W "$all" -- "$word")
        }
        complete -F _kubectl_edgerelease kubectl-edgerelease
        """;

    private const string Zsh = """
        # source <(kubectl edgerelease completion zsh)
        _kubectl_edgerelease() {
          local -a all
          all=("${(@f)$(kubectl-edgerelease "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
          compadd -a all
        }
        compdef _kubectl_edgerelease kubectl-edgerelease
        """;

    private const string Plugin = """
        #!/usr/bin/env bash
        # kubectl edgerelease completion plugin >DIR-ON-PATH/kubectl_complete-edgerelease; chmod +x it: then kubectl's own
        # completion completes kubectl edgerelease.
        line="kubectl-edgerelease $*"
        kubectl-edgerelease "[suggest:${#line}]" "$line" 2>/dev/null
        echo :4
        """;

    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["plugin"] = Plugin,
    };

    public static Verb Of(Frame frame)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, or plugin: kubectl's own completion" };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        return new Verb(
            "completion",
            "Prints the script that completes this command in a shell.",
            "completion bash > /etc/bash_completion.d/kubectl-edgerelease",
            "completion plugin > ~/bin/kubectl_complete-edgerelease"
        ).Doing(
            (parsed, _) =>
            {
                frame.Screen(parsed).Write(Scripts[parsed.GetValue(shell)!]);
                return Task.FromResult(Exit.Reached);
            },
            shell
        );
    }
}

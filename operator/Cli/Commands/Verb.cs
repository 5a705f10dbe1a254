using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace EdgeRelease.Cli;

/// <summary>A command with examples in its help.</summary>
/// <param name="name">Its name.</param>
/// <param name="description">One sentence, ending in a dot.</param>
/// <param name="examples">What people type, without <c>kubectl edgerelease</c>.</param>
internal sealed class Verb(string name, string description, params string[] examples) : Command(name, description)
{
    public const string Prefix = "kubectl edgerelease ";

    /// <summary>Whole lines that people type.</summary>
    public IReadOnlyList<string> Examples { get; } = [.. examples.Select(line => Prefix + line)];

    /// <summary>Adds what the command takes and what it does.</summary>
    public Verb Doing(Func<ParseResult, CancellationToken, Task<int>> act, params IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            switch (symbol)
            {
                case Option option:
                    Options.Add(option);
                    break;
                case Argument argument:
                    Arguments.Add(argument);
                    break;
                default:
                    throw new ArgumentException($"{symbol.Name} is neither option nor argument", nameof(symbols));
            }
        }

        SetAction(act);
        return this;
    }
}

/// <summary>The help of System.CommandLine, and the examples after it.</summary>
/// <param name="plain">The help without examples.</param>
internal sealed class ExampleHelp(HelpAction plain) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var code = plain.Invoke(parseResult);
        if (parseResult.CommandResult.Command is Verb { Examples.Count: > 0 } verb)
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in verb.Examples)
            {
                output.WriteLine($"  {line}");
            }

            output.WriteLine();
        }

        return code;
    }
}

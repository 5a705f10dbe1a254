using System.CommandLine;
using System.CommandLine.Help;

namespace EdgeRelease.Cli;

/// <summary>All commands.</summary>
internal static class Root
{
    /// <summary>The command line of the program.</summary>
    public static RootCommand Of(Frame frame)
    {
        var root = new RootCommand("Looks at EdgeRelease rollouts, and asks for what a person may ask.");
        foreach (var option in frame.Options)
        {
            root.Options.Add(option);
        }

        foreach (var command in Commands(frame))
        {
            root.Subcommands.Add(command);
        }

        var version = root.Options.OfType<VersionOption>().Single();
        root.Options.Remove(version);
        var help = root.Options.OfType<HelpOption>().Single();
        var plain = (HelpAction)help.Action!;
        help.Action = new ExampleHelp(plain);
        root.SetAction(parsed => plain.Invoke(parsed));
        return root;
    }

    private static IEnumerable<Command> Commands(Frame frame) =>
        [
            GetCommand.Of(frame),
            StatusCommand.Of(frame),
            DevicesCommand.Of(frame),
            HistoryCommand.Of(frame),
            .. RequestCommands.Of(frame),
            UndoCommand.Of(frame),
            PlanCommand.Of(frame),
            WhyCommand.Of(frame),
            ExportCommand.Of(frame),
            DoctorCommand.Of(frame),
            SimulateCommand.Of(frame),
            CompletionCommand.Of(frame),
            VersionCommand.Of(frame),
            ReferenceCommand.Of(frame),
        ];
}

using System.CommandLine;
using EdgeRelease.Api;

namespace EdgeRelease.Cli;

/// <summary>Says which version this is.</summary>
internal static class VersionCommand
{
    /// <summary>The program's version, as <c>0.1.0</c>.</summary>
    public static string Number => typeof(VersionCommand).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static Verb Of(Frame frame)
    {
        var output = Frame.Output(Form.Json, Form.Yaml);
        return new Verb("version", "Says which version this is and which API it speaks.", "version").Doing(
            (parsed, _) =>
            {
                var (screen, form) = (frame.Screen(parsed), parsed.GetValue(output));
                if (form.IsDocument())
                {
                    screen.Print(Output.Document(("version", Number), ("api", ApiGroup.ApiVersion)), form);
                }
                else
                {
                    screen.Write($"kubectl-edgerelease {Number}, {ApiGroup.ApiVersion}");
                }

                return Task.FromResult(Exit.Reached);
            },
            output
        );
    }
}

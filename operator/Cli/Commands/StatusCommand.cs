using System.CommandLine;
using EdgeRelease.Api;
using EdgeRelease.Controller;

namespace EdgeRelease.Cli;

/// <summary>Says in one line where a release stands, and waits for what CI waits for (F110).</summary>
internal static class StatusCommand
{
    public static Verb Of(Frame frame)
    {
        var name = frame.Release();
        var wait = new Option<bool>("--wait") { Description = "wait until it is so, or can no longer be" };
        var goal = new Option<Goal>("--for")
        {
            Description =
                "what to wait for: complete, step (the one under way has passed) or approval (one is asked for)",
            HelpName = "complete|step|approval",
            DefaultValueFactory = _ => Goal.Complete,
        };
        goal.CompletionSources.Clear();
        goal.CompletionSources.Add("complete", "step", "approval");
        var timeout = new Option<TimeSpan>("--timeout")
        {
            Description = "how long to wait, as 90s, 30m or 24h; default 1h",
            HelpName = "DURATION",
            DefaultValueFactory = _ => TimeSpan.FromHours(1),
            CustomParser = result => Arguments.Duration(result, result.Tokens[0].Value),
        };
        var output = Frame.Output(Form.Json, Form.Yaml);
        return new Verb(
            "status",
            "Says where a release stands. Exit code: 0 well, 1 error, 2 rolled back, 3 needs a person, 4 timeout.",
            "status line-monitor",
            "status line-monitor --wait --for complete --timeout 2h",
            "status line-monitor --wait --for approval -o json"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var most = parsed.GetValue(wait) ? parsed.GetValue(timeout) : (TimeSpan?)null;
                var waiter = new Waiter(screen, cluster, parsed.GetValue(goal), parsed.GetValue(output));
                return await waiter.RunAsync(parsed.GetValue(name)!, most, cancel);
            },
            name,
            wait,
            goal,
            timeout,
            output
        );
    }
}

/// <summary>Waits for one goal of one release, and says what came of it.</summary>
internal sealed class Waiter(Screen screen, Cluster cluster, Goal goal, Form form)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Waits.</summary>
    /// <param name="name">The release.</param>
    /// <param name="most">How long; null looks once.</param>
    /// <param name="cancel">Ends the wait.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(string name, TimeSpan? most, CancellationToken cancel)
    {
        if (most is not { } limit)
        {
            var now = await cluster.ReleaseAsync(name, cancel);
            return Say(now, Answer.Of(now, goal, from: null), whenOnItsWay: Exit.Reached);
        }

        var began = screen.Time.GetTimestamp();
        await using var feed = await Feed.OpenAsync(screen.Time, cluster, name, cancel);
        Milestone? from = null;
        while (true)
        {
            var release = feed.Latest;
            from ??=
                release.Status?.ObservedGeneration == release.Meta.Generation ? Milestone.Of(release.Status) : null;
            var answer = Answer.Of(release, goal, from);
            if (feed.IsGone)
            {
                throw new CliException($"release {name} was deleted while it was waited for");
            }

            if (answer.Code is not null || screen.Time.GetElapsedTime(began) >= limit)
            {
                return Say(release, answer, whenOnItsWay: Exit.Timeout, feed.Trouble);
            }

            await feed.ChangedAsync(Look, cancel);
        }
    }

    private int Say(ReleaseObject release, Answer answer, int whenOnItsWay, string? trouble = null)
    {
        var status = release.Status ?? new EdgeReleaseStatus();
        var code = answer.Code ?? whenOnItsWay;
        var word = code == Exit.Timeout ? "Timeout" : answer.Word;
        var message = trouble is null ? status.Message : $"{status.Message}; {trouble}";
        if (form.IsDocument())
        {
            screen.Print(
                Output.Document(
                    ("name", release.Meta.Name),
                    ("answer", word),
                    ("exitCode", code),
                    ("phase", status.Phase?.ToString()),
                    ("message", message),
                    ("revision", status.Revision),
                    ("step", status.Step is { } step ? $"{step.Index}/{step.Of}" : null),
                    ("progress", status.Progress),
                    ("token", status.WaitingFor?.Token)
                ),
                form
            );
            return code;
        }

        var phase = status.Phase?.ToString() ?? "Pending";
        var tone =
            code == Exit.Reached ? Tone.Good
            : code == Exit.RolledBack ? Tone.Bad
            : Tone.Waits;
        var told = code == Exit.Timeout ? $"not within the time: {phase}" : phase;
        screen.Write([new Line($"{release.Meta.Name} {told}: {message}", tone)]);
        return code;
    }
}

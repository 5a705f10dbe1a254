using System.CommandLine;
using System.Text.Json.Nodes;

namespace EdgeRelease.Cli;

/// <summary>Tells what a release would do, without a cluster and without an account (F119).</summary>
internal static class SimulateCommand
{
    public static Verb Of(Frame frame)
    {
        var file = Input();
        var devices = Number("--devices", "devices that match the release", 100, most: 100_000);
        var fail = Share("--fail", "chance of a device to fail on the version");
        var offline = Share("--offline", "share of devices that are offline all the time");
        var embedded = Embedded();
        var seeds = Number("--seeds", "rollouts to play, each with other devices that fail", 1, most: 10_000);
        var seed = Number("--seed", "the first seed; the same one plays the same rollout", 1, most: int.MaxValue / 2);
        var output = Frame.Output(Form.Json, Form.Yaml);
        return new Verb(
            "simulate",
            "Plays a release in virtual time with the real operator: no cluster, no account, nothing is sent.",
            "simulate -f release.yaml --devices 1000 --fail 3% --offline 10%",
            "simulate -f release.yaml --devices 200 --fail 1% --seeds 100",
            "simulate -f release.yaml --devices 50 --fail 1% --embedded"
        ).Doing(
            (parsed, cancel) =>
            {
                var scenario = Scenario.Read(parsed.GetValue(file)!, parsed.GetValue(devices)) with
                {
                    Failing = parsed.GetValue(fail),
                    Offline = parsed.GetValue(offline),
                };
                scenario = parsed.GetValue(embedded) ? scenario with { IsEmbedded = true } : scenario;
                var played = Played(scenario, parsed.GetValue(seed), parsed.GetValue(seeds), cancel);
                Tell(frame.Screen(parsed), new Tally(played), parsed.GetValue(output));
                return Task.FromResult(Exit.Reached);
            },
            file,
            devices,
            fail,
            offline,
            embedded,
            seeds,
            seed,
            output
        );
    }

    private static Option<string> Input() =>
        new("--filename", "-f")
        {
            Description = "a file with one EdgeRelease, and a LosantApplication if its limits shall count; - for stdin",
            Required = true,
            HelpName = "FILE",
        };

    private static Option<bool> Embedded() =>
        new("--embedded")
        {
            Description =
                "the flow is an embedded one, of microcontrollers; a release with spec.embedded says so itself",
        };

    private static Played[] Played(Scenario scenario, int first, int count, CancellationToken cancel)
    {
        var played = new Played[count];
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = Environment.ProcessorCount,
            CancellationToken = cancel,
        };
        Parallel.For(0, count, options, index => played[index] = Play.Once(scenario, first + index));
        return played;
    }

    private static void Tell(Screen screen, Tally tally, Form form)
    {
        if (form.IsDocument())
        {
            screen.Print(tally.Document(), form);
            return;
        }

        if (tally.Only is { } played)
        {
            screen.Out.WriteLine(played.Story);
        }

        screen.Write(tally.Lines());
    }

    private static Option<int> Number(string name, string description, int value, int most)
    {
        var option = new Option<int>(name)
        {
            Description = $"{description}; default {value}",
            DefaultValueFactory = _ => value,
            HelpName = "N",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 || result.GetValueOrDefault<int>() > most)
            {
                result.AddError($"{name} is 1 to {most}");
            }
        });
        return option;
    }

    private static Option<double> Share(string name, string description) =>
        new(name)
        {
            Description = $"{description}, as 3%; default 0%",
            CustomParser = result => Arguments.Share(result, result.Tokens[0].Value),
            HelpName = "P%",
        };
}

/// <summary>What many rollouts came to.</summary>
internal sealed class Tally(IReadOnlyList<Played> played)
{
    /// <summary>The only rollout; null when there are several.</summary>
    public Played? Only => played.Count == 1 ? played[0] : null;

    /// <summary>For people.</summary>
    public IEnumerable<Line> Lines()
    {
        var took = Middle([.. played.Select(each => each.Took)]);
        var most = played.Max(each => each.Took);
        if (Only is { } only)
        {
            yield return new Line($"ended {only.Phase} after {Words.Length(only.Took)}");
        }
        else
        {
            foreach (var phase in played.CountBy(each => each.Phase).OrderByDescending(each => each.Value))
            {
                yield return new Line($"{phase.Value} of {played.Count} rollouts ended {phase.Key}");
            }

            yield return new Line($"duration: {Words.Length(took)} in the middle, {Words.Length(most)} at most");
            yield return new Line($"chance of a rollback: {Chance:P1}");
        }

        yield return new Line($"most devices unavailable at once: {played.Max(each => each.MostAway)}");
        if (Restoring is [_, ..] times)
        {
            var middle = Words.Length(Middle(times));
            yield return new Line(
                times.Count == 1
                    ? $"time to restore: {middle}"
                    : $"time to restore: {middle} in the middle, {Words.Length(times[^1])} at most"
            );
        }
    }

    /// <summary>For programs; times in seconds.</summary>
    public JsonObject Document() =>
        Output.Document(
            ("rollouts", played.Count),
            ("phases", new JsonObject(played.CountBy(each => each.Phase).Select(Count))),
            ("rollbackChance", Chance),
            ("mostUnavailable", played.Max(each => each.MostAway)),
            ("seconds", Math.Round(Middle([.. played.Select(each => each.Took)]).TotalSeconds)),
            ("mostSeconds", Math.Round(played.Max(each => each.Took).TotalSeconds)),
            ("secondsToRestore", Restoring is [_, ..] times ? Math.Round(Middle(times).TotalSeconds) : null),
            ("mostSecondsToRestore", Restoring is [.., var last] ? Math.Round(last.TotalSeconds) : null),
            ("rolledBackSeeds", new JsonArray([.. played.Where(each => each.IsRolledBack).Select(Seed)]))
        );

    private double Chance => (double)played.Count(each => each.IsRolledBack) / played.Count;

    private IReadOnlyList<TimeSpan> Restoring => [.. played.Select(each => each.Restoring).OfType<TimeSpan>().Order()];

    private static JsonNode Seed(Played each) => each.Seed;

    private static KeyValuePair<string, JsonNode?> Count(KeyValuePair<string, int> phase) =>
        KeyValuePair.Create<string, JsonNode?>(phase.Key, phase.Value);

    private static TimeSpan Middle(IReadOnlyList<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}

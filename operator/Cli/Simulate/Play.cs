using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Cli;

/// <summary>Plays a scenario: the real operator on a simulated API server and a simulated Losant, in virtual time.</summary>
internal static class Play
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(60);
    private static readonly TimeSpan Thinking = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(10);

    /// <summary>A page has no more rows than mostly change between two polls: larger ones are most of the work.</summary>
    private static readonly LosantUnknowns Pages = new() { MaxPerPage = 100 };

    /// <summary>Plays it once.</summary>
    /// <param name="scenario">What to play.</param>
    /// <param name="seed">Who fails, who is offline, how long each takes.</param>
    /// <exception cref="CliException">The release never gets anywhere.</exception>
    public static Played Once(Scenario scenario, int seed)
    {
        var name = scenario.Release.Meta.Name;
        using var world = new World(seed, Pages, Start(scenario)) { IsAlone = true, IsSteady = true };
        var (application, flow) = FleetMaker.Make(world.Losant, scenario, world.Random);
        var away = new Away(world.Losant, application);
        var story = new StoryText(world, application, flow)
        {
            Release = name,
            NamesUpTo = 5,
            HasLongHours = true,
            Introduction = [Introduction(scenario, seed)],
        };
        world.Connect(application, scenario.Limits(isResting: false));
        world.Start();
        world.Run(Look);
        var began = world.Time.Now;
        story.Tell($"apply: {name}");
        world.Apply(name, scenario.Spec());
        Follow(world, name, story, isResting => world.Limit(application, scenario.Limits(isResting)));
        var status = world.Release(name)?.Status ?? throw new CliException($"{name} was never looked at");
        var (ended, restoring) = Times(world, name);
        return new Played
        {
            Seed = seed,
            Phase = status.Phase?.ToString() ?? "",
            Message = status.Message ?? "",
            Took = ended - began,
            MostAway = away.Most,
            Restoring = restoring,
            Story = story.ToString(),
        };
    }

    /// <summary>Lets time pass until the release has ended; a person approves each gate after a minute.</summary>
    private static void Follow(World world, string name, StoryText story, Action<bool> rest)
    {
        var isResting = false;
        var until = world.Time.Now + Longest;
        var writes = 0;
        while (world.Time.Now < until)
        {
            world.Run(Look);
            if (world.Cluster.Record.Count == writes)
            {
                continue;
            }

            var status = world.Release(name)?.Status;
            if ((status?.Phase is Phase.Soaking or Phase.Waiting) != isResting)
            {
                isResting = !isResting;
                rest(isResting);
            }

            writes = world.Cluster.Record.Count;
            if (status?.WaitingFor is { Kind: WaitingKind.Approval, Token: { } token })
            {
                world.Run(Thinking);
                story.Tell($"a person approves {token}");
                world.Annotate(name, Annotations.Approve, token);
                world.Run(Look);
            }
            else if (IsOver(status))
            {
                return;
            }
        }
    }

    private static bool IsOver(EdgeReleaseStatus? status) =>
        status?.Phase
            is Phase.Complete
                or Phase.AtPercentage
                or Phase.RolledBack
                or Phase.Observing
                or Phase.Blocked
                or Phase.Paused;

    /// <summary>When the last phase began, and how long the rollback took, by the writes of the status.</summary>
    private static (DateTimeOffset Ended, TimeSpan? Restoring) Times(World world, string name)
    {
        var writes = world
            .Cluster.Record.Where(write => write.Kind.Kind == Kinds.Release.Kind && write.Key.Name == name)
            .Select(write => (write.At, ReleaseObject.Of(write.After).Status?.Phase))
            .ToList();
        var last = writes[^1].Phase;
        var ended = writes[writes.FindLastIndex(write => write.Phase != last) + 1].At;
        var back = writes.FindIndex(write => write.Phase == Phase.RollingBack);
        return (ended, last == Phase.RolledBack && back >= 0 ? ended - writes[back].At : null);
    }

    /// <summary>So that a release that may not begin before a date begins soon.</summary>
    private static DateTimeOffset? Start(Scenario scenario) =>
        scenario.Release.Spec.Schedule?.NotBefore is { } at ? at.AddMinutes(-1) : null;

    private static string Introduction(Scenario scenario, int seed) =>
        $"{scenario.Devices} {scenario.DeviceName}s run {FleetMaker.Before}; {scenario.Failing:P1} fail on "
        + $"{scenario.Release.Spec.Version ?? "the removal"}, {scenario.Offline:P1} are offline (seed {seed}).";
}

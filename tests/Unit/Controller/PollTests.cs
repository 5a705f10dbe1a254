using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>F094, rules 36 and 37: what observing costs, by what Losant heard.</summary>
public sealed class PollTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(200)]
    public void Asks_twice_a_poll_when_nothing_changed_whatever_the_number_of_releases(int releases)
    {
        using var bench = new Bench();
        bench.Add(releases);
        bench.Start();
        ApplyEach(bench, "v1");

        bench.Run(TimeSpan.FromMinutes(5));
        Assert.All(
            bench.Cluster.All(Kinds.Release),
            json => Assert.Equal(Phase.Complete, ReleaseObject.Of(json).Status!.Phase)
        );
        var before = bench.Requests.Count();
        bench.Run(TimeSpan.FromMinutes(20));

        var calls = bench.Requests.Skip(before).Select(request => request.Path.Split('/')[^1]).ToList();
        Assert.Equal(calls.Count / 2, calls.Count(path => path == "devices"));
        Assert.Equal(calls.Count / 2, calls.Count(path => path == "deployments"));
        // Once a minute, give or take a fifth.
        Assert.InRange(calls.Count, 2 * 16, 2 * 25);
    }

    [Fact]
    public void Asks_no_more_lists_for_200_releases_than_for_one_while_devices_move()
    {
        var (one, many) = (ListsOfARollout(releases: 1), ListsOfARollout(releases: 200));

        Assert.True(many <= 1.5 * one, $"{many} lists with 200 releases, {one} with one");
    }

    [Fact]
    public void Asks_for_four_lists_a_release_call_at_most_when_200_releases_move_at_once()
    {
        using var bench = new Bench();
        bench.Add(200);
        bench.Start();
        ApplyEach(bench, "v1");
        bench.Run(TimeSpan.FromMinutes(5));
        var (before, begin) = (bench.Requests.Count(), bench.Time.Now);

        ApplyEach(bench, "v2");
        bench.Until(() =>
            bench
                .Cluster.All(Kinds.Release)
                .Select(json => ReleaseObject.Of(json))
                .All(release =>
                    release.Status!.Phase == Phase.Complete
                    && release.Status.ObservedGeneration == release.Meta.Generation
                )
        );

        var lists = bench.Requests.Skip(before).Count(IsList);
        var polls = (bench.Time.Now - begin) / (0.8 * TimeSpan.FromSeconds(15));
        Assert.Equal(200, bench.Posts.Count);
        Assert.True(lists <= 2 * ((2 * 200) + polls), $"{lists} lists, {(int)polls} polls at the pace");
    }

    [Fact]
    public void Polls_at_a_pace_give_or_take_a_fifth_and_not_in_step_with_other_processes()
    {
        var (one, other) = (Pauses(seed: 1), Pauses(seed: 2));

        Assert.NotEqual(one, other);
        Assert.All(one.Concat(other), pause => Assert.InRange(pause, 48, 74));
        Assert.True(one.Max() - one.Min() > 6, "every pause is the same");
    }

    [Fact]
    public void Goes_on_by_the_dates_of_the_answers_and_the_time_since_where_Losant_sends_no_Date()
    {
        using var bench = new Bench(new LosantUnknowns { DateHeader = false });
        bench.Add(3);
        bench.Start();
        bench.Apply("{'version': 'v2', 'rolloutPercentage': 100, 'health': {'confirm': '10m'}}");

        bench.Until(Phase.Complete);

        Assert.True(bench.Time.Now > bench.Losant.Options.StartAt + TimeSpan.FromMinutes(20));
    }

    /// <summary>A release for each device by itself.</summary>
    private static void ApplyEach(Bench bench, string version)
    {
        foreach (var device in bench.Application.Devices)
        {
            bench.Apply(
                $"{{'version': '{version}', 'rolloutPercentage': 100, 'deviceIds': ['{device.Id}'], 'deviceTags': {{}}}}",
                $"monitor-{device.Id}"
            );
        }
    }

    /// <summary>How many lists Losant is asked for while 40 devices of one release move, one after the other.</summary>
    private static int ListsOfARollout(int releases)
    {
        using var bench = new Bench();
        bench.Add(releases - 1);
        bench.Start();
        ApplyEach(bench, "v1");
        bench.Run(TimeSpan.FromMinutes(5));
        var others = bench.Application.Devices.Count;
        bench.Add(40);
        var ids = bench.Application.Devices.Skip(others).Select(device => $"'{device.Id}'");
        var before = bench.Requests.Count();

        bench.Apply(
            $"{{'version': 'v2', 'rolloutPercentage': 100, 'deviceTags': {{}}, 'deviceIds': [{string.Join(", ", ids)}]}}"
        );
        bench.Until(Phase.Complete);

        return bench.Requests.Skip(before).Count(IsList);
    }

    private static bool IsList(RequestRecord request) =>
        request.Method == "GET" && request.Path.Split('/')[^1] is "devices" or "deployments";

    /// <summary>Seconds between the polls of a release at rest, by Losant's clock.</summary>
    private static List<double> Pauses(int seed)
    {
        using var bench = new Bench();
        bench.Add(1);
        bench.Start(ports => ports with { Random = new Random(seed) });
        bench.Apply("{'version': 'v1', 'rolloutPercentage': 100}");
        bench.Run(TimeSpan.FromMinutes(5));
        var before = bench.Requests.Count();
        bench.Run(TimeSpan.FromMinutes(20));
        var polls = bench
            .Requests.Skip(before)
            .Where(request => request.Path.EndsWith("/devices", StringComparison.Ordinal));
        List<DateTimeOffset> times = [.. polls.Select(request => request.At)];
        return [.. times.Zip(times.Skip(1), (from, to) => (to - from).TotalSeconds)];
    }
}

using System.Text.RegularExpressions;
using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.House;
using Xunit;
using static EdgeRelease.Tests.Unit.Planning.PlannerWhy;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>F105: the plan that leaves a device where it is also says why.</summary>
public sealed partial class PlannerWhyTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Says_what_is_sent_now() => Expect("Commanded", Loop(1), plan => plan.Batches[0].Rows[0].Device);

    [Fact]
    public void Names_first_contact_before_the_first_success() => Expect("FirstContact", Loop(4), NotSent);

    [Theory]
    [InlineData(4, "no more than 1 device go")]
    [InlineData(300, "no more than 3 devices go")]
    public void Says_how_many_go_before_the_first_success(int devices, string what) =>
        Assert.Contains(what, Expect("FirstContact", Loop(devices), NotSent).Sentence, StringComparison.Ordinal);

    [Fact]
    public void Says_of_a_joiner_of_a_finished_release_that_it_joined()
    {
        var world = A.Fleet().Of(4).On("v1");
        var loop = A.Loop(A.Release(), world).Until(Phase.Complete);
        var joiner = world.Join("v1");
        loop.Pass();

        var why = Expect("Commanded", loop, _ => joiner.Id).Sentence;
        Assert.Equal("it is told to run v2 now: those that joined or came back after the end", why);
    }

    [Theory]
    [InlineData(OfflinePolicy.Defer, "it is offline: it is told when it connects")]
    [InlineData(
        OfflinePolicy.ArmWhenProven,
        "it is offline: it is told when it connects, or while offline once the last step has passed"
    )]
    public void Says_when_an_offline_device_is_told(OfflinePolicy policy, string sentence)
    {
        var world = A.Fleet().Of(4).On("v1").Offline(..1);
        var loop = A.Loop(A.Release().Offline(policy), world);
        loop.Pass();

        Assert.Equal(sentence, Expect("Offline", loop, _ => world[0].Id).Sentence);
    }

    [Fact]
    public void Says_of_a_device_of_the_step_that_has_gone_offline_that_it_is_offline()
    {
        var world = A.Fleet().Of(4).On("v1").Refusing("v2", ..1);
        var release = A.Release().Tolerating(4).Health(health => health with { Retries = 1 });
        var loop = A.Loop(release, world).Until(_ => world[0].Told.Count == 2, "restored");
        world.Disconnect(world[0]);
        loop.For(Hour);

        Assert.Contains("offline", loop.Plan.Why(world[0].Id).Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_window_of_a_device_whose_own_is_closed_and_when_it_opens()
    {
        var window = new WindowSpec
        {
            From = "09:00",
            To = "10:00",
            TimeZone = "UTC",
            TimeZoneTag = "tz",
        };
        var release = A.Release().With(spec => spec with { Schedule = new ScheduleSpec { Windows = [window] } });
        var world = A.Fleet().Of(2).On("v1").Tagged(..1, "tz", "Asia/Tokyo");
        var loop = A.Loop(release, world);
        loop.Pass();

        var why = Expect("Window", loop, _ => world[0].Id);

        Assert.Equal(PlannerWorld.Begin.AddHours(15), why.Until);
        Assert.Contains("2026-11-21T00:00:00Z", why.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_the_soak_and_its_end_for_who_has_no_place()
    {
        var world = A.Fleet().Of(10).On("v1");
        var release = A.Release().In(A.Step("first").Of(10).Soaking(Hour), A.Step().Of(100));
        var loop = A.Loop(release, world).Until(Phase.Soaking);

        var why = loop.Plan.Why(NotSent(loop.Plan));

        Assert.Equal(("OutsideShare", loop.Plan.Memory.Step.SoakUntil), (why.Rule, why.Until));
        Assert.Contains("soaking until", why.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Paused")]
    [InlineData("PausedByPolicy")]
    [InlineData("VersionNotFound")]
    [InlineData("FleetShrunk")]
    [InlineData("Observing")]
    [InlineData("RolledBack")]
    public void Names_the_gate_that_is_shut(string rule)
    {
        var world = A.Fleet().Of(6).On("v1").Refusing("v2", ..6);
        var release = A.Release();
        release = rule switch
        {
            "Paused" => release.With(spec => spec with { Paused = true }),
            "PausedByPolicy" => release.Policy(policy => policy with { OnBreach = BreachAction.Pause }),
            "VersionNotFound" => release.Asking(wanted =>
                wanted with
                {
                    Problem = new Obstacle(rule, "there is no v2"),
                }
            ),
            "Observing" => release.With(spec => spec with { Policy = spec.Policy with { Mode = PolicyMode.Observe } }),
            _ => release,
        };
        var loop = A.Loop(release, world).For(Hour);
        if (rule == "FleetShrunk")
        {
            loop = A.Loop(release, A.Fleet().Of(3).On("v1"));
            loop.Pass(loop.World.Seen() with { Believed = false });
        }

        Expect(rule, loop, NotSent);
    }

    [Fact]
    public void Names_another_release() =>
        Expect(
            "OwnedByAnother",
            Loop(
                1,
                A.Release()
                    .Asking(release => release with { Rivals = [new Rival("plant-a/b", new Selection(release.Spec))] })
            ),
            plan => plan.Fleet!.Devices[0].Id
        );

    [Fact]
    public void Names_when_a_device_could_be_confirmed()
    {
        var loop = Loop(1);
        loop.World.Advance(TimeSpan.FromMinutes(1));
        loop.Pass();

        var why = Expect("Confirming", loop, plan => plan.Fleet!.Devices[0].Id);

        Assert.Equal(loop.Plan.Fleet!.Devices[0].Standing.DueAt, why.Until);
        Assert.NotNull(why.Until);
    }

    [Fact]
    public void Says_that_nothing_selects_a_device() => Expect("NotSelected", Loop(1), _ => new DeviceId(77));

    [Fact]
    public void Has_an_explanation_for_each_device_of_each_plan()
    {
        var rules = new HashSet<string>();
        for (var seed = 1; seed <= 150; seed++)
        {
            var scenario = new PlannerScenario(seed) { HasVisitors = true };
            scenario.Loop.Watch = (plan, _) =>
            {
                foreach (var why in plan.Fleet!.Devices.Select(device => plan.Why(device.Id)))
                {
                    Assert.NotEmpty(why.Sentence);
                    Assert.True(why.Until is null || why.Until > plan.Fleet.At, $"{why} is over");
                    rules.Add(why.Rule);
                }
            };
            scenario.Run();
        }

        string[] all = ["Confirmed", "Slots", "FirstContact", "Failed", "Offline", "Left"];
        Assert.Empty(all.Except(rules));
    }

    [Fact]
    public void Knows_every_word_that_a_standing_uses()
    {
        var words = Tree
            .Sources.Where(path =>
                path.EndsWith("Standing.cs", StringComparison.Ordinal)
                || path.EndsWith("Planning/Fleet.cs", StringComparison.Ordinal)
            )
            .SelectMany(path => Word().Matches(Tree.Text(path)))
            .Select(match => match.Groups["word"].Value)
            .Distinct()
            .ToList();

        Assert.True(words.Count > 20, $"only {words.Count} words were found");
        Assert.All(words, word => Assert.NotEmpty(Standings.Sentence(word)));
    }

    [GeneratedRegex("\"(?<word>[A-Z][A-Za-z]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Word();
}

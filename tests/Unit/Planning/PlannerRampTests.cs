using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>rollout.ramp (F016): steps by a factor, in all else like steps by hand.</summary>
public sealed class PlannerRampTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Theory]
    [InlineData(1, "3", "1,3,9,27,81,100")]
    [InlineData(1, "1.5", "1,2,3,5,8,12,18,27,41,62,93,100")]
    [InlineData(5, "2", "5,10,20,40,80,100")]
    [InlineData(50, "1.62", "50,81,100")]
    [InlineData(10, "10", "10,100")]
    [InlineData(100, "3", "100")]
    public void Grows_by_the_factor_up_to_everybody(int start, string factor, string percentages)
    {
        Release release = A.Release()
            .Ramp(start, decimal.Parse(factor, System.Globalization.CultureInfo.InvariantCulture));

        Assert.Equal(percentages, string.Join(',', release.Steps.Select(step => step.Percentage)));
    }

    [Fact]
    public void Has_at_most_12_steps_that_rise_whatever_the_rules_accept()
    {
        for (var start = 1; start <= 100; start++)
        {
            for (var factor = 1.5m; factor <= 10m; factor += 0.05m)
            {
                Release release = A.Release().Ramp(start, factor);
                var steps = release.Steps.Select(step => step.Percentage!.Value).ToList();
                Assert.InRange(steps.Count, 1, 12);
                Assert.Equal(steps.Distinct().Order(), steps);
                Assert.Equal((start, 100), (steps[0], steps[^1]));
            }
        }
    }

    [Fact]
    public void Holds_each_step_and_moves_its_share_as_if_it_had_been_written_by_hand()
    {
        var soak = TimeSpan.FromMinutes(20);
        ReleaseStep Step(int percentage) => A.Step($"ramp-{percentage}").Of(percentage).Soaking(soak);
        Release byHand = A.Release().In(Step(1), Step(3), Step(9), Step(27), Step(81), Step(100));

        var told = Told(A.Release().Ramp(1, 3, soak));

        Assert.Equal([1, 3, 9, 27, 81, 100], told.Select(telling => telling.Count).Distinct());
        Assert.Equal(Told(byHand), told);
    }

    [Fact]
    public void Names_each_step_after_its_percentage()
    {
        var loop = A.Loop(A.Release().Ramp(1, 3, Hour), A.Fleet().Of(100).On("v1")).Until(Phase.Soaking);

        Assert.StartsWith("step 1 of 6 ramp-1: 1 of 1 updated", loop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Goes_on_where_it_was_when_the_factor_is_changed()
    {
        var loop = A.Loop(A.Release().Ramp(1, 3, Hour), A.Fleet().Of(100).On("v1"));
        loop.Until(plan => plan.Memory.Step.Index == 2).Until(Phase.Soaking);
        loop.Wanted = A.Release().Ramp(1, 4, Hour);

        loop.Until(Phase.Soaking);

        Assert.StartsWith("step 2 of 5 ramp-4: 9 of 9 updated", loop.Message, StringComparison.Ordinal);
        loop.Until(Phase.Complete);
        Assert.Equal((1, 100), (loop.Memory.Revision, loop.World.Tellings.Count));
    }

    [Fact]
    public void Ends_at_the_ceiling()
    {
        var loop = A.Loop(A.Release().Ramp(5, 2).At(30).Percent(), A.Fleet().Of(100).On("v1"));

        loop.Until(Phase.AtPercentage);

        Assert.Equal(30, loop.Running("v2"));
    }

    /// <summary>How many devices had been told after each call, and when.</summary>
    private static List<(int Count, DateTimeOffset At)> Told(Release release)
    {
        var world = A.Fleet().Of(100).On("v1");
        var loop = A.Loop(release, world);
        var told = new List<(int Count, DateTimeOffset At)>();
        loop.Sent = _ =>
        {
            if (world.Tellings.Count > told.LastOrDefault().Count)
            {
                told.Add((world.Tellings.Count, world.Now));
            }
        };
        loop.Until(Phase.Complete);
        return told;
    }
}

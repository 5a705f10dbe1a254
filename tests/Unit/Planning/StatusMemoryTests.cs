using EdgeRelease.Api;
using EdgeRelease.Planning;
using EdgeRelease.Tests.Unit.Planning.Builders;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

public sealed class StatusMemoryTests
{
    private static readonly RolloutStep[] FiveSteps =
    [
        .. Enumerable.Range(1, 5).Select(number => new RolloutStep { Name = $"s{number}", Percentage = 20 * number }),
    ];

    private static World Stepped(IReadOnlyList<RolloutStep> steps)
    {
        var world = new World(3);
        world.Wanted = world.Wanted with
        {
            Spec = world.Wanted.Spec with { Rollout = new RolloutSpec { Steps = steps } },
        };
        world.Pass();
        return world;
    }

    private static EdgeReleaseStatus Stored(World world, Memory memory, EdgeReleaseStatus? before = null) =>
        World.Stored(Summary.Of(world.Input(world.Plan! with { Memory = memory }) with { Before = before }));

    [Fact]
    public void Remembers_nothing_before_the_first_status()
    {
        var memory = StatusMemory.Of(null, new World(1).Ledger);
        Assert.Equivalent(new Memory(), memory, strict: true);
    }

    [Fact]
    public void Reads_back_what_was_stored()
    {
        var world = Stepped(FiveSteps);
        for (var seed = 1; seed <= 300; seed++)
        {
            var memory = new Recollection(seed).Memory(steps: 5) with { Rows = world.Ledger };
            var back = StatusMemory.Of(Stored(world, memory), world.Ledger);
            Assert.True(
                Recollection.Text(memory) == Recollection.Text(back),
                $"seed {seed}: {Recollection.Text(memory)} was read as {Recollection.Text(back)}"
            );
        }
    }

    [Fact]
    public void Reads_back_every_member()
    {
        var members = typeof(Memory).GetProperties().Where(member => member.CanWrite).ToList();
        var seen = members.ToDictionary(member => member.Name, _ => new HashSet<string>());
        for (var seed = 1; seed <= 50; seed++)
        {
            var memory = new Recollection(seed).Memory(steps: 5);
            members.ForEach(member => seen[member.Name].Add($"{member.GetValue(memory)}"));
        }

        var lists = new[]
        {
            nameof(Memory.KnownBad),
            nameof(Memory.History),
            nameof(Memory.Approvals),
            nameof(Memory.Acts),
            nameof(Memory.Rows),
        };
        Assert.All(seen.Where(pair => !lists.Contains(pair.Key)), pair => Assert.True(pair.Value.Count > 1, pair.Key));
    }

    [Fact]
    public void Stores_a_later_memory_without_touching_what_the_plan_said()
    {
        var world = Stepped(FiveSteps);
        var batch = new InFlightBatch
        {
            Batch = 7,
            Version = "v2",
            Count = 3,
        };
        var later = world.Plan!.Memory with { Batch = 7, InFlight = batch };
        var status = Summary.Remembering(world.Status!, later);

        Assert.True(Summary.IsSame(world.Status! with { Batch = 7, InFlight = batch }, status));
        Assert.Equal(Recollection.Text(later), Recollection.Text(StatusMemory.Of(World.Stored(status), world.Ledger)));
    }

    [Fact]
    public void Ignores_the_step_of_another_revision()
    {
        var status = Stepped(FiveSteps).Status!;
        var memory = StatusMemory.Of(status with { Revision = status.Revision + 1 }, new World(1).Ledger);

        Assert.Equal(new StepMark(), memory.Step);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(2)]
    [InlineData(1)]
    [InlineData(5)]
    public void Keeps_the_step_when_steps_were_edited_and_the_mark_is_not_aligned_yet(int index)
    {
        var world = Stepped(FiveSteps);
        var memory = world.Plan!.Memory with
        {
            Step = world.Plan.Memory.Step with { Index = index, StepsHash = "cafe" },
        };
        var before = Stored(world, memory);
        var edited = Stored(Stepped([FiveSteps[1], FiveSteps[4]]), memory, before);

        Assert.Equal(index, StatusMemory.Of(edited, world.Ledger).Step.Index);
        Assert.Equal(5, edited.Step!.Of);
    }

    [Fact]
    public void Stays_at_the_last_step_when_all_have_passed()
    {
        var world = Stepped(FiveSteps);
        var memory = world.Plan!.Memory with
        {
            Step = new StepMark { Index = 5, StepsHash = "cafe" },
        };
        var status = Stored(world, memory);

        Assert.Equal((5, 5, "s5", true), (status.Step!.Index, status.Step.Of, status.Step.Name, status.Step.Passed));
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(-3, -3, true)]
    [InlineData(9, 0, true)]
    [InlineData(0, 2, false)]
    public void Survives_a_corrupted_step(int index, int of, bool passed)
    {
        var world = Stepped(FiveSteps);
        var step = world.Status!.Step! with { Index = index, Of = of, Passed = passed };
        var corrupted = world.Status with { Step = step };
        var memory = StatusMemory.Of(corrupted, world.Ledger);
        var again = Stored(world, memory, corrupted);

        Assert.True(memory.Step.Index >= 0);
        Assert.InRange(again.Step!.Index, 1, 5);
    }
}

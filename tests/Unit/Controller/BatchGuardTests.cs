using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Planning;
using Xunit;
using static EdgeRelease.Tests.Unit.Controller.BatchScene;

namespace EdgeRelease.Tests.Unit.Controller;

/// <summary>Each production guard fires, and none does in a rollout that keeps the rules.</summary>
public sealed class BatchGuardTests
{
    [Fact]
    public void Lets_a_batch_pass_that_keeps_the_rules()
    {
        Assert.Null(Forward(ToV2, Begun));
        Assert.Null(Back(ToV2, Told(First), "v1"));
    }

    [Fact]
    public void I2_refuses_devices_outside_the_share_of_the_step()
    {
        var tenth = new RolloutStep { Percentage = 50 };
        var stepped = ToV2 with
        {
            Spec = ToV2.Spec with
            {
                Rollout = new RolloutSpec { Steps = [tenth, new RolloutStep { Percentage = 100 }] },
            },
        };

        Assert.Null(Forward(stepped, Begun, First));
        Assert.StartsWith("I2", Forward(stepped, Begun, Second), StringComparison.Ordinal);
        Assert.Null(Forward(stepped, Begun with { Step = new StepMark { Index = 1 } }, Second));
    }

    [Fact]
    public void I2_refuses_another_version_than_that_of_the_spec() =>
        Assert.StartsWith(
            "I2",
            Forward(ToV2 with { Spec = ToV2.Spec with { Version = "v3" } }, Begun),
            StringComparison.Ordinal
        );

    [Fact]
    public void I2_refuses_an_empty_batch() =>
        Assert.StartsWith(
            "I2",
            Guard(ToV2, Begun).Violation(Begun, Batch(CommandKind.Forward, "v2")),
            StringComparison.Ordinal
        );

    [Fact]
    public void I5_refuses_a_call_whose_intent_and_rows_are_not_stored()
    {
        var batch = Batch(CommandKind.Forward, "v2", Row(First));

        Assert.StartsWith("I5", BatchGuard.Unstored(new Session("uid-1"), batch), StringComparison.Ordinal);
        Assert.StartsWith(
            "I5",
            Guard(ToV2, Begun).Violation(Begun, batch with { Version = "v3" }),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Refuses_nothing_from_the_first_command_to_the_last_restore()
    {
        using var bench = new Bench();
        bench.Add(8);
        bench.Add(2, null);
        bench.Application.Devices[3].Disconnect();
        bench.Application.Devices[5].SetOutcome("v3", EdgeRelease.Simulation.Outcome.Fails("no sensor"));
        bench.Apply(
            "{'version': 'v2', 'rolloutPercentage': 100, 'policy': {'onDelete': 'Restore'}, 'rollout': {'steps': [{'name': 'two', 'count': 2}, {'name': 'all', 'percentage': 100}]}}"
        );
        bench.Start();
        bench.Until(Phase.Complete);
        bench.EditSpec(spec => spec["rolloutPercentage"] = 50);
        bench.Until(Phase.AtPercentage);
        bench.EditSpec(spec => (spec["rolloutPercentage"], spec["version"]) = (100, "v3"));
        bench.Until(Phase.RolledBack);
        bench.EditSpec(spec => spec["version"] = "v4");
        bench.Until(Phase.Complete);
        bench.Delete();
        bench.Until(() => bench.Release is null);

        Assert.DoesNotContain(
            bench.Log.Lines,
            line => line.Contains(Reasons.InvariantRefused, StringComparison.Ordinal)
        );
        Assert.DoesNotMatch(": I[0-9]+: ", string.Join('\n', bench.Log.Lines));
        Assert.Equal(0, bench.Desired("v4"));
    }
}

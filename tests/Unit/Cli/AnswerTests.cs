using EdgeRelease.Cli;
using Xunit;

namespace EdgeRelease.Tests.Unit.Cli;

/// <summary>What a status means for who waits (F110).</summary>
public sealed class AnswerTests
{
    private const string Approval = "'waitingFor': {'kind': 'Approval', 'token': 't'}";

    [Theory]
    [InlineData("Complete", "", "Complete", 0)]
    [InlineData("AtPercentage", "", "Complete", 0)]
    [InlineData("Observing", "", "Complete", 0)]
    [InlineData("Complete", "", "Step", 0)]
    [InlineData("Complete", "", "Approval", 1)]
    [InlineData("RolledBack", "", "Complete", 2)]
    [InlineData("RolledBack", "", "Approval", 2)]
    [InlineData("RollingBack", "", "Complete", null)]
    [InlineData("Progressing", "", "Complete", null)]
    [InlineData("Soaking", "", "Approval", null)]
    [InlineData("Waiting", Approval, "Approval", 0)]
    [InlineData("Waiting", Approval, "Complete", 3)]
    [InlineData("Waiting", "'waitingFor': {'kind': 'Window'}", "Complete", null)]
    [InlineData("Paused", "", "Complete", 3)]
    [InlineData("Paused", "'waitingFor': {'kind': 'Resume', 'token': 't'}", "Step", 3)]
    [InlineData("Blocked", "", "Complete", 3)]
    public void Ends_a_wait_with_the_code_of_the_state(string phase, string more, string goal, int? code) =>
        Assert.Equal(code, Answer.Of(Sights.Release(phase, "", more), Enum.Parse<Goal>(goal), from: null).Code);

    [Fact]
    public void Waits_on_while_the_spec_has_not_been_seen() =>
        Assert.Null(
            Answer.Of(Sights.Release("Complete", "", "'observedGeneration': 2"), Goal.Complete, from: null).Code
        );

    [Fact]
    public void Waits_on_before_the_first_status() =>
        Assert.Null(Answer.Of(Sights.Of(null), Goal.Complete, from: null).Code);

    [Theory]
    [InlineData(1, false, null)]
    [InlineData(2, false, 0)]
    [InlineData(1, true, 0)]
    public void Reaches_a_step_once_the_one_at_the_beginning_has_passed(int index, bool passed, int? code)
    {
        var step = $"'step': {{'index': {index}, 'of': 3, 'revision': 2, 'passed': {(passed ? "true" : "false")}}}";

        var answer = Answer.Of(Sights.Release("Progressing", "", step), Goal.Step, new Milestone(2, 1));

        Assert.Equal(code, answer.Code);
    }
}

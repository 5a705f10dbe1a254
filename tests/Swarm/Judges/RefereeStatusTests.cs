using static EdgeRelease.Tests.Swarm.Judgement;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The judgements on what a status says can fail.</summary>
public sealed class RefereeStatusTests : IDisposable
{
    private readonly Courtroom _court = new(devices: 10);

    public void Dispose() => _court.Dispose();

    [Theory]
    [InlineData("matched", 9)]
    [InlineData("eligible", 9)]
    [InlineData("updated", 1)]
    [InlineData("failed", 1)]
    public void Finds_a_count_that_is_not_true(string count, int wrong)
    {
        _court.Counts(count, wrong);
        var found = Assert.Throws<Violation>(_court.Judge);
        Broken("I14", found.Message);
    }

    [Fact]
    public void Finds_nothing_in_true_counts()
    {
        _court.Counts("waiting", 10);
        _court.Judge();
    }

    [Fact]
    public void Finds_a_completion_that_is_not_true()
    {
        _court.Counts("waiting", 10);
        _court.Status["phase"] = "Complete";
        _court.Status["devices"]!["waiting"] = 0;
        _court.Status["devices"]!["deferred"] = 10;
        Broken("I14", Assert.Throws<Violation>(_court.Judge).Message);
    }

    [Fact]
    public void Finds_a_new_object_that_begins_with_a_past()
    {
        _court.Counts("waiting", 10);
        _court.Status["revision"] = 3;
        Broken("I13", Assert.Throws<Violation>(_court.Judge).Message);
    }
}

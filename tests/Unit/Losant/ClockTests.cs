using EdgeRelease.Losant;
using Xunit;

namespace EdgeRelease.Tests.Unit.Losant;

public sealed class ClockTests
{
    private static readonly DateTimeOffset Server = new(2031, 7, 1, 0, 0, 0, TimeSpan.Zero);

    private const string Known = """{"id":"575ec8687ae143cd83dc4a97","name":"plant"}""";

    private static Script Dated(params DateTimeOffset?[] dates)
    {
        var left = new Queue<DateTimeOffset?>(dates);
        return new Script(_ =>
        {
            var answer = Script.Status(200, Known);
            answer.Headers.Date = left.Dequeue();
            return answer;
        });
    }

    private static void Ask(Script script, ILosant losant) =>
        script.Time.Run(() => losant.FindApplicationAsync(CancellationToken.None));

    [Fact]
    public void Does_not_know_the_time_before_the_first_date()
    {
        var script = Dated(null, Server);
        var losant = script.Connect();
        Assert.Null(losant.Now);

        Ask(script, losant);
        Assert.Null(losant.Now);

        Ask(script, losant);
        Assert.Equal(Server, losant.Now);
    }

    [Fact]
    public void Goes_on_between_the_answers()
    {
        var script = Dated(Server);
        var losant = script.Connect();
        Ask(script, losant);

        script.Time.Advance(TimeSpan.FromMilliseconds(1500));

        Assert.Equal(Server.AddMilliseconds(1500), losant.Now);
    }

    [Fact]
    public void Follows_the_newest_date()
    {
        var script = Dated(Server, Server.AddMinutes(1));
        var losant = script.Connect();
        Ask(script, losant);
        Ask(script, losant);

        Assert.Equal(Server.AddMinutes(1), losant.Now);
    }

    [Fact]
    public void Learns_nothing_from_an_older_date()
    {
        var script = Dated(Server, Server.AddMinutes(-1));
        var losant = script.Connect();
        Ask(script, losant);
        script.Time.Advance(TimeSpan.FromSeconds(10));
        Ask(script, losant);

        Assert.Equal(Server.AddSeconds(10), losant.Now);
    }

    [Fact]
    public void Never_goes_back_and_falls_in_step_with_a_slower_server()
    {
        var script = Dated(Server, Server.AddSeconds(4));
        var losant = script.Connect();
        Ask(script, losant);
        script.Time.Advance(TimeSpan.FromSeconds(5));
        var told = losant.Now;
        Ask(script, losant);

        Assert.Equal(told, losant.Now);
        script.Time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Server.AddSeconds(7), losant.Now);
    }

    [Fact]
    public void Takes_a_date_that_is_far_off_for_an_error()
    {
        var script = Dated(Server, Server.AddHours(1), Server.AddSeconds(20));
        var losant = script.Connect();
        Ask(script, losant);
        script.Time.Advance(TimeSpan.FromSeconds(10));
        Ask(script, losant);
        Assert.Equal(Server.AddSeconds(10), losant.Now);

        script.Time.Advance(TimeSpan.FromSeconds(10));
        Ask(script, losant);
        Assert.Equal(Server.AddSeconds(20), losant.Now);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Does_not_take_two_answers_of_one_moment_for_two_opinions(int apart)
    {
        var script = Dated(Server, Server.AddHours(1), Server.AddHours(1).AddSeconds(apart));
        var losant = script.Connect();
        Ask(script, losant);
        Ask(script, losant);
        script.Time.Advance(TimeSpan.FromSeconds(apart));
        Ask(script, losant);

        Assert.Equal(Server.AddSeconds(apart), losant.Now);
    }

    [Fact]
    public void Believes_a_jump_that_a_later_answer_confirms()
    {
        var script = Dated(Server, Server.AddHours(1), Server.AddHours(1).AddSeconds(30));
        var losant = script.Connect();
        Ask(script, losant);
        Ask(script, losant);
        script.Time.Advance(TimeSpan.FromSeconds(30));
        Ask(script, losant);

        Assert.Equal(Server.AddHours(1).AddSeconds(30), losant.Now);
    }

    [Fact]
    public void Does_not_believe_a_date_that_stands_still()
    {
        var script = Dated(Server, Server.AddHours(1), Server.AddHours(1), Server.AddHours(1));
        var losant = script.Connect();
        Ask(script, losant);
        for (var i = 0; i < 3; i++)
        {
            script.Time.Advance(TimeSpan.FromMinutes(5));
            Ask(script, losant);
        }

        Assert.Equal(Server.AddMinutes(15), losant.Now);
    }

    [Fact]
    public void Stands_still_rather_than_go_back_when_the_first_date_was_wrong()
    {
        var script = Dated(Server.AddHours(1), Server, Server.AddSeconds(10));
        var losant = script.Connect();
        Ask(script, losant);
        Ask(script, losant);
        script.Time.Advance(TimeSpan.FromSeconds(10));
        var told = losant.Now;
        Ask(script, losant);

        Assert.Equal(told, losant.Now);
        script.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(told, losant.Now);
        script.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(Server.AddMinutes(61).AddSeconds(10), losant.Now);
    }

    [Fact]
    public void Learns_nothing_from_a_failure_that_may_not_be_losants()
    {
        var script = new Script(_ =>
        {
            var answer = Script.Status(502);
            answer.Headers.Date = Server;
            return answer;
        });
        var losant = script.Connect();

        Assert.Throws<LosantException>(() => Ask(script, losant));
        Assert.Null(losant.Now);
    }

    [Theory]
    [InlineData(403)]
    [InlineData(407)]
    public void Learns_nothing_from_refusals_once_an_answer_has_told_the_time(int status)
    {
        var script = Answering(
            (200, Server),
            (status, Server.AddHours(1)),
            (status, Server.AddHours(1).AddSeconds(30)),
            (200, Server.AddSeconds(60))
        );
        var losant = script.Connect();
        for (var second = 0; second <= 60; second += 30)
        {
            Record.Exception(() => Ask(script, losant));
            Assert.Equal(Server.AddSeconds(second), losant.Now);
            script.Time.Advance(TimeSpan.FromSeconds(30));
        }

        Assert.Equal(Server.AddSeconds(90), losant.Now);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(407)]
    public void Believes_the_first_answer_and_no_refusal_before_it(int status)
    {
        var script = Answering((status, Server.AddHours(1)), (200, Server));
        var losant = script.Connect();
        Record.Exception(() => Ask(script, losant));
        Assert.Null(losant.Now);
        Record.Exception(() => Ask(script, losant));

        Assert.Equal(Server, losant.Now);
    }

    private static Script Answering(params (int Status, DateTimeOffset Date)[] answers)
    {
        var left = new Queue<(int Status, DateTimeOffset Date)>(answers);
        return new Script(_ =>
        {
            var (status, date) = left.Dequeue();
            var answer = Script.Status(status, Known);
            answer.Headers.Date = date;
            return answer;
        });
    }
}

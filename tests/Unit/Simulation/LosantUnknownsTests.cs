using System.Text;
using System.Text.Json;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantUnknownsTests
{
    public static TheoryData<string> Names => [.. typeof(LosantUnknowns).GetProperties().Select(each => each.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Sets_each_switch_by_its_name(string name)
    {
        var property = typeof(LosantUnknowns).GetProperty(name)!;
        var value = property.GetValue(new LosantUnknowns()) switch
        {
            bool known => known ? "false" : "true",
            int => "7",
            Enum known => $"\"{Other(known)}\"",
            _ => "\"1m30s\"",
        };

        var unknowns = Parse($"{{\"{JsonNamingPolicy.CamelCase.ConvertName(name)}\":{value}}}");

        Assert.NotEqual(new LosantUnknowns(), unknowns);
        Assert.NotEqual(property.GetValue(new LosantUnknowns()), property.GetValue(unknowns));
    }

    [Fact]
    public void Keeps_the_defaults_of_what_is_not_named() => Assert.Equal(new LosantUnknowns(), Parse("{}"));

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"colour":true}""")]
    [InlineData("""{"MaxPerPage":7}""")]
    [InlineData("""{"maxPerPage":0}""")]
    [InlineData("""{"maxPerPage":"many"}""")]
    [InlineData("""{"etags":"yes"}""")]
    [InlineData("""{"tagFilter":"xor"}""")]
    [InlineData("""{"retryAfter":5}""")]
    [InlineData("""{"retryAfter":"soon"}""")]
    public void Refuses_what_it_does_not_know(string text) => Assert.Throws<FormatException>(() => Parse(text));

    private static LosantUnknowns Parse(string text) => UnknownsFile.Parse(Encoding.UTF8.GetBytes(text));

    private static string Other(Enum known) =>
        JsonNamingPolicy.CamelCase.ConvertName(
            Enum.GetValues(known.GetType()).Cast<Enum>().First(value => !value.Equals(known)).ToString()
        );
}

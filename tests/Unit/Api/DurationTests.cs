using EdgeRelease.Api;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace EdgeRelease.Tests.Unit.Api;

public sealed class DurationTests
{
    [Theory]
    [InlineData("90s", 90_000)]
    [InlineData("10m", 600_000)]
    [InlineData("1h30m", 5_400_000)]
    [InlineData("1.5h", 5_400_000)]
    [InlineData("250ms", 250)]
    [InlineData("0s", 0)]
    [InlineData("0.000999s", 0)]
    [InlineData("1m1m", 120_000)]
    [InlineData("999999h", 3_599_996_400_000)]
    public void Reads_what_people_write(string text, long milliseconds)
    {
        Assert.True(Durations.TryParse(text, out var duration));

        Assert.Equal(milliseconds, (long)duration.TotalMilliseconds);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-10m")]
    [InlineData("+10m")]
    [InlineData("1d")]
    [InlineData("10M")]
    [InlineData(" 10m")]
    [InlineData("10m\n")]
    [InlineData("1.h")]
    [InlineData(".5h")]
    [InlineData("1,5h")]
    [InlineData("1000000h")]
    [InlineData("1s1s1s1s1s")]
    [InlineData("١s")]
    public void Refuses_what_is_no_duration(string? text) => Assert.False(Durations.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(250, "250ms")]
    [InlineData(90_000, "1m30s")]
    [InlineData(5_400_000, "1h30m")]
    [InlineData(86_400_001, "24h1ms")]
    public void Writes_the_fewest_terms(long milliseconds, string text) =>
        Assert.Equal(text, Durations.Format(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void Refuses_to_write_a_negative_duration() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Durations.Format(TimeSpan.FromTicks(-1)));

    [Fact]
    public void Reads_back_what_it_wrote() =>
        Prop.ForAll(
                Gen.Choose(0, int.MaxValue).ToArbitrary(),
                milliseconds =>
                    Durations.TryParse(Durations.Format(TimeSpan.FromMilliseconds(milliseconds)), out var back)
                    && back == TimeSpan.FromMilliseconds(milliseconds)
            )
            .QuickCheckThrowOnFailure();
}

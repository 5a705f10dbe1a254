namespace EdgeRelease.Api;

/// <summary>Steps that grow by a factor: each is the percentage before times <c>factor</c>, rounded up and at least 1
/// more, up to 100. They are called after their percentage, as <c>ramp-27</c>.</summary>
public sealed record RampSpec
{
    /// <summary>Percentage of the first step, in whole percent of 1 to 100.</summary>
    [Schema(Required = true, Minimum = 1, Maximum = 100)]
    public int Start { get; set; }

    /// <summary>How many times larger each step is than the one before: a number of 1.5 to 10, which makes at most 12
    /// steps.</summary>
    [Schema(Required = true)]
    public decimal Factor { get; set; }

    /// <summary>How long each step is held after its devices have settled, the last one included, as a duration such
    /// as <c>1h</c>; failures within it count.</summary>
    public TimeSpan Soak { get; set; }
}

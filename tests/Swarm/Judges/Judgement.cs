namespace EdgeRelease.Tests.Swarm;

/// <summary>What a test of the judges expects of what they found.</summary>
internal static class Judgement
{
    /// <summary>They found that this invariant does not hold.</summary>
    public static void Broken(string invariant, string? found) =>
        Assert.StartsWith($"{invariant}: ", found, StringComparison.Ordinal);
}

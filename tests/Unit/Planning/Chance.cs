namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>What a random scenario decides by.</summary>
internal static class Chance
{
    public static bool Maybe(this Random random, double chance) => random.NextDouble() < chance;

    public static T OneOf<T>(this Random random, params T[] values) => values[random.Next(values.Length)];
}

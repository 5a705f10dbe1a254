using Xunit;

namespace EdgeRelease.Tests.Unit.House;

/// <summary>What breaks a rule, all of it in the failure's message.</summary>
internal static class Violations
{
    public static void None<T>(IEnumerable<T> found)
    {
        var all = found.ToList();
        Assert.True(all.Count == 0, string.Join('\n', all));
    }
}

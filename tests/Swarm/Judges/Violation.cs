namespace EdgeRelease.Tests.Swarm;

/// <summary>An invariant that did not hold, judged by the servers' truth.</summary>
internal sealed class Violation(string invariant, string what) : Exception($"{invariant}: {what}")
{
    public static void If(bool isBroken, string invariant, string what)
    {
        if (isBroken)
        {
            throw new Violation(invariant, what);
        }
    }
}

using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.StateSearch;

/// <summary>All that there is between two events.</summary>
/// <param name="Stored">What the API server holds.</param>
/// <param name="Field">What Losant holds.</param>
/// <param name="First">The pass of one replica; null while it waits.</param>
/// <param name="Second">The pass of the other, which believes that it leads too.</param>
/// <param name="Left">What may still go wrong.</param>
internal sealed record SearchState(Stored Stored, Field Field, Leader? First, Leader? Second, Trouble Left)
{
    /// <summary>The pass of a replica.</summary>
    public Leader? Of(int replica) => replica == 0 ? First : Second;

    /// <summary>With another pass of a replica.</summary>
    public SearchState With(int replica, Leader? leader) =>
        replica == 0 ? this with { First = leader } : this with { Second = leader };
}

/// <summary>What may still go wrong.</summary>
/// <param name="Crashes">Times that a replica is killed.</param>
/// <param name="Losses">Answers that do not come, of calls that arrived or did not.</param>
/// <param name="Refusals">Times that a device cannot run the new version.</param>
internal sealed record Trouble(int Crashes, int Losses, int Refusals);

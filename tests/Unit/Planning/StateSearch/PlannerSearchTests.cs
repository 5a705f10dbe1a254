using System.Globalization;
using EdgeRelease.Api;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning.StateSearch;

/// <summary>R5: every order of events, as far as EDGERELEASE_SEARCH_N states go: two replicas that both believe that they
/// lead, two kills, two lost answers, and devices that answer or refuse at any time.</summary>
public sealed class PlannerSearchTests
{
    private static readonly int Most = int.Parse(
        Environment.GetEnvironmentVariable("EDGERELEASE_SEARCH_N") ?? "4000",
        CultureInfo.InvariantCulture
    );

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    public void Can_come_to_rest_from_every_state_and_never_breaks_a_promise(int devices, int refusals)
    {
        var wanted = A.Release()
            .In(A.Step("half").Of(50), A.Step("all").All())
            .Unavailable(1)
            .Health(health =>
                health with
                {
                    Confirm = TimeSpan.Zero,
                    RetryGrace = TimeSpan.Zero,
                    SettleTimeout = TimeSpan.FromMinutes(2),
                    LostAfter = TimeSpan.Zero,
                }
            );
        var field = Field.Of(devices);
        var stored = new Stored(new Memory(), 1, new Dictionary<Observation.DeviceId, LedgerRow>(), 1);
        var search = new Explorer(new Events(wanted), Most);

        search.From(new SearchState(stored, field, null, null, new Trouble(2, 2, refusals)));

        TestContext.Current.TestOutputHelper!.WriteLine($"{devices} devices: {search}");
        // Each state is expanded but for the last ones, and most find more than one that is new.
        Assert.True(search.IsWhole || search.States > Most, $"{search}: fewer than {Most} states");
    }
}

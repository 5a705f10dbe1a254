using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.StateSearch;

/// <summary>What can happen next in a state: the replicas' own steps, a kill, a lost answer, a device, time.</summary>
/// <param name="wanted">The release.</param>
internal sealed class Events(Release wanted)
{
    /// <summary>The release.</summary>
    public Release Wanted => wanted;

    /// <summary>Devices answer and calls arrive within some of these.</summary>
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(25);

    /// <summary>Every state that may follow.</summary>
    public IEnumerable<SearchState> After(SearchState state) =>
        Steps(state, 0).Concat(Steps(state, 1)).Concat(OfDevices(state)).Append(Later(state));

    /// <summary>What follows when nothing goes wrong any more, and only one replica works.</summary>
    public SearchState Best(SearchState state)
    {
        var calm = state with { Left = new Trouble(0, 0, 0) };
        if (calm.Second is not null || calm.First is not null)
        {
            return Steps(calm, calm.Second is null ? 0 : 1).First();
        }

        for (var i = 0; i < calm.Field.Gateways.Count; i++)
        {
            if (calm.Field.Gateways[i].IsPending)
            {
                return Later(calm with { Field = calm.Field.Does(i) });
            }
        }

        var planned = Planned(calm);
        return IsNews(planned, calm.Stored) ? calm.With(0, planned) : Later(calm);
    }

    /// <summary>Whether nothing is under way and nothing will be: the pass of a replica changes nothing.</summary>
    public bool IsSettled(SearchState state) =>
        state is { First: null, Second: null }
        && Planned(state) is var planned
        && (planned.Plan.Verdict.Phase is Phase.Complete or Phase.RolledBack || AsksForAPerson(planned.Plan))
        && !IsNews(planned, state.Stored);

    /// <summary>Losant never did what it was told twice: the release says so and names what a person may do (rule 14).</summary>
    private static bool AsksForAPerson(Plan plan) =>
        plan.Verdict.Reason == Reasons.NothingSucceeded
        && plan.Memory.Rows.Count > 0
        && plan.Memory.Rows.Values.All(row => row.Outcome == Outcome.NotAccepted);

    private Leader Planned(SearchState state) =>
        Leader.Planned(
            Planner.Plan(wanted, state.Stored.Recalled(), state.Field.Seen(), state.Field.Now),
            state.Stored
        );

    private static bool IsNews(Leader planned, Stored stored) =>
        planned.Plan.Batches.Count > 0 || Text.Of(planned.Memory) != Text.Of(stored.Recalled());

    private IEnumerable<SearchState> Steps(SearchState state, int replica)
    {
        if (state.Of(replica) is not { } leader)
        {
            var planned = Planned(state);
            return IsNews(planned, state.Stored) ? [state.With(replica, planned)] : [];
        }

        var steps = Own(state, replica, leader);
        return state.Left.Crashes == 0
            ? steps
            : steps.Append(
                state.With(replica, null) with
                {
                    Left = state.Left with { Crashes = state.Left.Crashes - 1 },
                }
            );
    }

    private static IEnumerable<SearchState> Own(SearchState state, int replica, Leader leader) =>
        leader.Stage switch
        {
            Stage.StoreRows => [Stores(state, replica, leader, leader.With(row => row).Rows, Stage.StoreIntent)],
            Stage.StoreIntent => [Intends(state, replica, leader)],
            Stage.Call => Calls(state, replica, leader),
            Stage.ReportRows => [Stores(state, replica, leader, leader.Memory.Rows, Stage.ReportStatus)],
            _ => [Reports(state, replica, leader)],
        };

    /// <summary>The ledger; a conflict ends the pass.</summary>
    private static SearchState Stores(
        SearchState state,
        int replica,
        Leader leader,
        IReadOnlyDictionary<Observation.DeviceId, LedgerRow> rows,
        Stage next
    )
    {
        if (leader.LedgerVersion != state.Stored.LedgerVersion)
        {
            return state.With(replica, null);
        }

        var stored = state.Stored with { Ledger = rows, LedgerVersion = state.Stored.LedgerVersion + 1 };
        return state.With(replica, leader with { Stage = next, LedgerVersion = stored.LedgerVersion }) with
        {
            Stored = stored,
        };
    }

    private static SearchState Intends(SearchState state, int replica, Leader leader)
    {
        var batch = leader.Batch;
        var memory = leader.With(row => row) with
        {
            Batch = batch.Number,
            InFlight = new InFlightBatch
            {
                Batch = batch.Number,
                Version = batch.Version,
                Count = batch.Rows.Count,
                Ledger = "ledger",
                At = batch.Rows[0].Next!.At,
            },
        };
        return Writes(state, replica, leader with { Memory = memory, Stage = Stage.Call });
    }

    private static SearchState Reports(SearchState state, int replica, Leader leader)
    {
        var after = Writes(state, replica, leader);
        return after.With(replica, null);
    }

    /// <summary>The status; a conflict ends the pass.</summary>
    private static SearchState Writes(SearchState state, int replica, Leader leader)
    {
        if (leader.StatusVersion != state.Stored.StatusVersion)
        {
            return state.With(replica, null);
        }

        var stored = state.Stored with { Status = leader.Memory, StatusVersion = state.Stored.StatusVersion + 1 };
        return state.With(replica, leader with { StatusVersion = stored.StatusVersion }) with { Stored = stored };
    }

    private static IEnumerable<SearchState> Calls(SearchState state, int replica, Leader leader)
    {
        var batch = leader.Batch;
        if (state.Field.Now - batch.Rows[0].Next!.At > Times.SendWithin)
        {
            yield return state.With(replica, leader.Withdrawn());
            yield break;
        }

        var told = state with { Field = state.Field.Told(batch) };
        yield return told.With(replica, leader.Called(isHeard: true));
        if (state.Left.Losses > 0)
        {
            var left = state.Left with { Losses = state.Left.Losses - 1 };
            yield return told.With(replica, leader.Called(isHeard: false)) with
            {
                Left = left,
            };
            yield return state.With(replica, leader.Called(isHeard: false)) with
            {
                Left = left,
            };
        }
    }

    private static IEnumerable<SearchState> OfDevices(SearchState state)
    {
        for (var i = 0; i < state.Field.Gateways.Count; i++)
        {
            if (!state.Field.Gateways[i].IsPending)
            {
                continue;
            }

            yield return state with
            {
                Field = state.Field.Does(i),
            };
            if (state.Left.Refusals > 0 && state.Field.Gateways[i].Row.Desired == "v2")
            {
                yield return state with
                {
                    Field = state.Field.Refuses(i),
                    Left = state.Left with { Refusals = state.Left.Refusals - 1 },
                };
            }
        }
    }

    private static SearchState Later(SearchState state) =>
        state with
        {
            Field = state.Field with { Now = state.Field.Now + Tick },
        };
}

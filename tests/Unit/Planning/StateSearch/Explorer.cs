using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning.StateSearch;

/// <summary>Over all states, in an order that is mixed but always the same, so that it gets deep; then whether each can come to rest: over edges that were seen, and beyond the
/// last states by letting everything go well.</summary>
/// <param name="events">What can happen.</param>
/// <param name="most">States to expand.</param>
internal sealed class Explorer(Events events, int most)
{
    private const int Patience = 1000;

    private readonly Dictionary<UInt128, int> _numbers = [];
    private readonly List<(int From, int To)> _edges = [];
    private readonly List<bool> _rests = [];
    private readonly List<SearchState> _last = [];

    /// <summary>States that were found.</summary>
    public int States => _numbers.Count;

    /// <summary>Whether there are no more states than those.</summary>
    public bool IsWhole => _last.Count == 0;

    /// <summary>States at rest.</summary>
    public int Settled { get; private set; }

    private int Expanded { get; set; }

    public override string ToString() =>
        $"{States} states, {Expanded} expanded, {_edges.Count} edges, {Settled} at rest, {_last.Count} at the end of the search";

    /// <summary>Searches from a state.</summary>
    public void From(SearchState first)
    {
        var queue = new PriorityQueue<(SearchState State, int Number), uint>();
        queue.Enqueue((first, NumberOf(first).Number), 0);
        while (queue.TryDequeue(out var next, out _))
        {
            if (Expanded >= most)
            {
                _last.Add(next.State);
                continue;
            }

            Expanded++;
            foreach (var after in events.After(next.State))
            {
                Promises.Hold(after);
                var (number, isNew) = NumberOf(after);
                _edges.Add((next.Number, number));
                if (isNew)
                {
                    queue.Enqueue((after, number), unchecked((uint)number * 2654435761u));
                }
            }
        }

        Rest();
    }

    private (int Number, bool IsNew) NumberOf(SearchState state)
    {
        var key = Text.KeyOf(state);
        if (_numbers.TryGetValue(key, out var known))
        {
            return (known, false);
        }

        var number = _numbers.Count;
        _numbers.Add(key, number);
        var rests = events.IsSettled(state);
        _rests.Add(rests);
        Settled += rests ? 1 : 0;
        return (number, true);
    }

    private void Rest()
    {
        foreach (var state in _last)
        {
            _rests[_numbers[Text.KeyOf(state)]] = true;
            Ends(state);
        }

        var into = _edges.ToLookup(edge => edge.To, edge => edge.From);
        var queue = new Queue<int>(Enumerable.Range(0, _rests.Count).Where(number => _rests[number]));
        while (queue.TryDequeue(out var number))
        {
            foreach (var from in into[number].Where(from => !_rests[from]))
            {
                _rests[from] = true;
                queue.Enqueue(from);
            }
        }

        Xunit.Assert.Equal(0, _rests.Count(rests => !rests));
    }

    /// <summary>Beyond the last states.</summary>
    private void Ends(SearchState state)
    {
        for (var i = 0; i < Patience; i++)
        {
            if (events.IsSettled(state))
            {
                return;
            }

            state = events.Best(state);
            Promises.Hold(state);
        }

        Xunit.Assert.Fail(
            $"does not come to rest: {Planner.Plan(events.Wanted, state.Stored.Recalled(), state.Field.Seen(), state.Field.Now).Verdict}"
        );
    }
}

/// <summary>What holds in every state.</summary>
internal static class Promises
{
    public static void Hold(SearchState state)
    {
        var gateways = state.Field.Gateways;
        var moved = gateways.Count(gateway => gateway.Row.Desired == "v2");
        var half = (gateways.Count + 1) / 2;
        var most = state.Stored.Status.Step.Index == 0 ? half : gateways.Count;
        Xunit.Assert.True(moved <= most, $"I1: {moved} moved, at most {most} in step {state.Stored.Status.Step.Index}");
        var away = gateways.Count(gateway => gateway.Row is { Desired: "v2", Current: not "v2" });
        Xunit.Assert.True(away <= 1, $"I1: {away} away, at most 1");
        Xunit.Assert.All(gateways, gateway => Xunit.Assert.True(gateway.Changes <= 2, "I4: forward once, back once"));
        Xunit.Assert.All(
            gateways,
            gateway => Xunit.Assert.True(gateway.Row.Desired is "v1" or "v2", "I8: its own version")
        );
    }
}

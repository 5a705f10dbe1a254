namespace EdgeRelease.Simulation;

/// <summary>What happens by itself, by time; first in, first out at equal times.</summary>
internal sealed class DueEvents
{
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Order)> queue = new();
    private long order;

    /// <summary>When the next event is due; null when none waits.</summary>
    public DateTimeOffset? NextAt => queue.TryPeek(out _, out var due) ? due.At : null;

    /// <summary>Lets something happen at a time; a past one means now.</summary>
    public void Add(DateTimeOffset at, Action happening) => queue.Enqueue(happening, (at, order++));

    /// <summary>Takes the next event out when it is due by a time.</summary>
    public bool TryTake(DateTimeOffset until, out DateTimeOffset at, out Action happening)
    {
        if (queue.TryPeek(out happening!, out var due) && due.At <= until)
        {
            queue.Dequeue();
            at = due.At;
            return true;
        }

        at = default;
        return false;
    }
}

using System.Diagnostics.CodeAnalysis;

namespace EdgeRelease.Simulation;

/// <summary>Alarms by (due, order of setting): a heap with four children a node that knows where each alarm is,
/// so that a cleared alarm leaves at once.</summary>
[SuppressMessage("Naming", "CA1711:Identifiers should not have incorrect suffix", Justification = "It is a queue.")]
internal sealed class AlarmQueue
{
    private const int Arity = 4;
    private Slot[] _slots = new Slot[64];
    private long _sequence;

    /// <summary>Alarms that are set.</summary>
    public int Count { get; private set; }

    /// <summary>When the earliest is due, in ticks; only while there is one.</summary>
    public long FirstDue => _slots[0].Due;

    /// <summary>Adds an alarm behind those with the same time.</summary>
    /// <param name="alarm">It; not yet set.</param>
    /// <param name="due">When, in ticks.</param>
    public void Add(Alarm alarm, long due)
    {
        if (Count == _slots.Length)
        {
            Array.Resize(ref _slots, Count * 2);
        }

        Raise(Count++, new Slot(due, _sequence++, alarm));
    }

    /// <summary>Takes out the earliest; there must be one.</summary>
    public Alarm TakeFirst()
    {
        var first = _slots[0].Alarm;
        Remove(first);
        return first;
    }

    /// <summary>Takes out an alarm; nothing happens when it is not set.</summary>
    /// <param name="alarm">It.</param>
    public void Remove(Alarm alarm)
    {
        var place = alarm.Place;
        if (place < 0)
        {
            return;
        }

        alarm.Place = -1;
        var last = _slots[--Count];
        _slots[Count] = default;
        if (place == Count)
        {
            return;
        }

        if (place > 0 && last.IsBefore(_slots[(place - 1) / Arity]))
        {
            Raise(place, last);
        }
        else
        {
            Sink(place, last);
        }
    }

    private void Raise(int place, Slot slot)
    {
        while (place > 0)
        {
            var parent = (place - 1) / Arity;
            if (!slot.IsBefore(_slots[parent]))
            {
                break;
            }

            Put(place, _slots[parent]);
            place = parent;
        }

        Put(place, slot);
    }

    private void Sink(int place, Slot slot)
    {
        while (true)
        {
            var first = (place * Arity) + 1;
            if (first >= Count)
            {
                break;
            }

            var least = first;
            for (var child = first + 1; child < Math.Min(first + Arity, Count); child++)
            {
                least = _slots[child].IsBefore(_slots[least]) ? child : least;
            }

            if (!_slots[least].IsBefore(slot))
            {
                break;
            }

            Put(place, _slots[least]);
            place = least;
        }

        Put(place, slot);
    }

    private void Put(int place, Slot slot)
    {
        _slots[place] = slot;
        slot.Alarm.Place = place;
    }

    private readonly record struct Slot(long Due, long Sequence, Alarm Alarm)
    {
        public bool IsBefore(in Slot other) => Due < other.Due || (Due == other.Due && Sequence < other.Sequence);
    }
}

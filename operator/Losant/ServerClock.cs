using System.Runtime.InteropServices;

namespace EdgeRelease.Losant;

/// <summary>Losant's clock as its answers show it: the newest HTTP Date plus the monotonic time since. A Date that is
/// far off is believed when another one agrees with it later. Safe to use from several threads.</summary>
internal sealed class ServerClock(TimeProvider time)
{
    private static readonly TimeSpan FarOff = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Later = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private Reading? newest;
    private Reading? doubted;
    private DateTimeOffset lastTold;

    /// <summary>The time at Losant; null before the first Date. Never goes back.</summary>
    public DateTimeOffset? Now
    {
        get
        {
            lock (gate)
            {
                if (newest is not { } known)
                {
                    return null;
                }

                // A Date is cut to the second, so a newer one may lie behind what was told already.
                var now = NowBy(known);
                lastTold = now > lastTold ? now : lastTold;
                return lastTold;
            }
        }
    }

    /// <summary>Learns the Date of an answer of Losant's own that has just come; null and older ones teach nothing.
    /// </summary>
    public void Learn(DateTimeOffset? date)
    {
        if (date is not { } at)
        {
            return;
        }

        lock (gate)
        {
            if (newest is { } known && IsFarOff(known, at))
            {
                Doubt(at);
                return;
            }

            doubted = null;
            if (newest is null || at > newest.Value.Date)
            {
                newest = new Reading(at, time.GetTimestamp());
            }
        }
    }

    private void Doubt(DateTimeOffset at)
    {
        if (doubted is not { } before || IsFarOff(before, at))
        {
            doubted = new Reading(at, time.GetTimestamp());
        }
        else if (time.GetElapsedTime(before.SeenAt) >= Later)
        {
            (newest, doubted) = (new Reading(at, time.GetTimestamp()), null);
        }
    }

    private bool IsFarOff(Reading known, DateTimeOffset at) => (at - NowBy(known)).Duration() > FarOff;

    private DateTimeOffset NowBy(Reading known) => known.Date + time.GetElapsedTime(known.SeenAt);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Reading(DateTimeOffset Date, long SeenAt);
}

using System.Runtime.InteropServices;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Devices that went dark on the version, held against those that went dark without it: an outage of a site or
/// of the fleet is not blamed on the release (F049, F050, rule 7).
/// <code>
///                         went dark meanwhile   stayed
/// moved by the revision   Lost                  the rest of Moved      p: the chance of so many by accident
/// not moved, connected    Dark                  the rest of Others     (Fisher, one-sided)
/// </code></summary>
/// <param name="Lost">Devices of the revision that were lost and are still dark, without those set aside.</param>
/// <param name="Moved">Devices of the revision with an outcome that they are counted among.</param>
/// <param name="Dark">Devices that were not moved then and went dark since the first of the lost was commanded.</param>
/// <param name="Others">Devices that were not moved then and were connected.</param>
/// <param name="Unattributed">Lost devices that are set aside: half of the others of their group went dark too.</param>
public sealed record Losses(int Lost, int Moved, int Dark, int Others, int Unattributed)
{
    /// <summary>The fewest others that say anything.</summary>
    public const int FewestOthers = 10;

    private const int FewestLost = 2;

    /// <summary>One in a hundred, and what rounding may add to exactly that.</summary>
    private const double Significance = 0.01 * (1 + 1e-9);
    private static readonly Losses None = new(0, 0, 0, 0, 0);

    /// <summary>After an outage not all devices come back at the same moment: for so long, or for lostAfter, one still
    /// counts as dark.</summary>
    private static readonly TimeSpan Returning = TimeSpan.FromMinutes(5);

    /// <summary>Lost devices that a person has accepted.</summary>
    public int Accepted { get; init; }

    /// <summary>Whether the loss can only be judged by a person.</summary>
    public bool IsUnclear => New > 0 && Others < FewestOthers;

    /// <summary>Whether so many went dark because of the version.</summary>
    public bool IsBreach => New >= FewestLost && Others >= FewestOthers && IsMoreThanOthers && Chance <= Significance;

    /// <summary>What was lost, in words.</summary>
    public string Words =>
        IsUnclear
            ? $"{New} of {MovedNow} devices went dark on the version, and only {Others} others can be compared with, "
                + $"{FewestOthers} are needed: see whether the version is the cause"
            : $"{New} of {MovedNow} devices went dark on the version, {Dark} of {Others} others did";

    private int New => Math.Max(0, Lost - Accepted);

    private int MovedNow => Moved - (Lost - New);

    /// <summary>Whether more of ours went dark than an even spread gives. With no more than that the chance is a half or
    /// above, because so many are the median or fewer.</summary>
    private bool IsMoreThanOthers => (long)New * Others > (long)Dark * MovedNow;

    /// <summary>The chance that at least so many of those that went dark are ours when the version does nothing. Counted up
    /// from more than an even spread gives, where terms only fall: one too small for a number leaves nothing out.</summary>
    private double Chance
    {
        get
        {
            var (moved, dark) = (MovedNow, New + Dark);
            var all = moved + Others;
            var term = Math.Exp(LogChoose(moved, New) + LogChoose(Others, dark - New) - LogChoose(all, dark));
            var sum = 0.0;
            for (var lost = New; lost <= Math.Min(moved, dark); lost++)
            {
                sum += term;
                term *= (double)(moved - lost) * (dark - lost) / ((lost + 1.0) * (Others - dark + lost + 1));
            }

            return sum;
        }
    }

    /// <summary>The losses of a revision.</summary>
    /// <param name="memory">With what the observation taught.</param>
    /// <param name="fleet">The fleet.</param>
    /// <param name="groups">What is dark together; null when that is the whole fleet.</param>
    /// <param name="lostAfter">After how long a dark device is lost.</param>
    public static Losses Of(Memory memory, Fleet fleet, Groups? groups, TimeSpan lostAfter)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentNullException.ThrowIfNull(fleet);
        var lost = fleet.Devices.Where(device => IsLost(device, memory)).ToList();
        if (lost.Count == 0)
        {
            return None;
        }

        var span = new Span(
            lost.Min(device => RowOf(device, memory)!.ForwardAt) ?? fleet.At,
            lost.Max(device => LostAt(device, memory, lostAfter)) ?? fleet.At,
            fleet.At - (lostAfter > Returning ? lostAfter : Returning)
        );
        var sides = new Dictionary<string, Side>(StringComparer.Ordinal);
        foreach (var device in fleet.Devices)
        {
            // A device with several values of the tag is judged with the first of its groups.
            var group = groups?.Of(device.Seen)[0] ?? "";
            sides[group] = sides.GetValueOrDefault(group).With(device, memory, span);
        }

        var rest = sides.Values.Where(side => !side.IsDark).ToList();
        return new Losses(
            rest.Sum(side => side.Lost),
            rest.Sum(side => side.Moved),
            rest.Sum(side => side.Dark),
            rest.Sum(side => side.Others),
            sides.Values.Where(side => side.IsDark).Sum(side => side.Lost)
        )
        {
            Accepted = memory.Acknowledged.Lost,
        };
    }

    /// <summary>What is said of lost devices that are connected again on what they ran before.</summary>
    /// <param name="count">How many.</param>
    /// <param name="memory">Of their revision.</param>
    internal static string Returned(int count, Memory memory) =>
        $"{count} went dark and came back: {Annotations.Retry}=r{memory.Revision} tries again";

    /// <summary>A device that came back is no loss, whatever had happened to it; one that was good until the end is lost as
    /// long as it is dark.</summary>
    private static bool IsLost(Device device, Memory memory) =>
        !device.IsReachable
        && RowOf(device, memory) is { } row
        && (
            row.Outcome == Outcome.Lost
                ? !(device.Seen.ConnectionAt > row.OutcomeAt)
                : device.Standing is { State: DeviceState.Lost, Outcome: Outcome.Confirmed }
        );

    private static DateTimeOffset? LostAt(Device device, Memory memory, TimeSpan lostAfter) =>
        RowOf(device, memory) is { Outcome: Outcome.Lost } row ? row.OutcomeAt : device.Seen.ConnectionAt + lostAfter;

    /// <summary>The row of a device that the revision moved, with what the observation taught; null of any other.</summary>
    private static LedgerRow? RowOf(Device device, Memory memory) =>
        memory.Rows.TryGetValue(device.Id, out var row) && row.IsTried && row.Revision == memory.Revision ? row : null;

    private static double LogChoose(int of, int count)
    {
        var sum = 0.0;
        for (var i = 1; i <= count; i++)
        {
            sum += Math.Log((of - count + i) / (double)i);
        }

        return sum;
    }

    /// <summary>One group of devices.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Side(int Lost, int Moved, int Dark, int Others)
    {
        /// <summary>Whether the group went dark as a whole.</summary>
        public bool IsDark => Lost > 0 && Dark > 0 && 2 * Dark >= Others;

        public Side With(Device device, Memory memory, Span span)
        {
            if (RowOf(device, memory) is { } row && row.ForwardAt <= span.JudgedAt)
            {
                return IsLost(device, memory) ? this with { Lost = Lost + 1, Moved = Moved + 1 }
                    : row.Outcome is Outcome.Confirmed or Outcome.Failed or Outcome.Lost
                        ? this with
                        {
                            Moved = Moved + 1,
                        }
                    : this;
            }

            var (isThere, at) = (device.IsReachable, device.Seen.ConnectionAt);
            var isDark = at >= span.Since && (!isThere || at >= span.ReturnedAt);
            return (isThere || isDark) && device is { IsEligible: true, Standing.IsAdopted: false }
                ? this with
                {
                    Others = Others + 1,
                    Dark = isDark ? Dark + 1 : Dark,
                }
                : this;
        }
    }

    /// <summary>What is compared.</summary>
    /// <param name="Since">When the first of the lost was commanded.</param>
    /// <param name="JudgedAt">When the last of them was lost: what moved later was not moved then.</param>
    /// <param name="ReturnedAt">What is connected since then may have been dark as well.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Span(DateTimeOffset Since, DateTimeOffset JudgedAt, DateTimeOffset ReturnedAt);
}

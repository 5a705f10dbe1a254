using System.Globalization;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Where in a call the process is struck.</summary>
internal enum Moment
{
    /// <summary>The call never leaves it, or leaves it when it goes on.</summary>
    Before,

    /// <summary>The call takes effect and the answer finds nobody.</summary>
    Lost,

    /// <summary>The answer has arrived and nothing was done with it yet.</summary>
    After,
}

/// <summary>What becomes of the process.</summary>
internal enum Succession
{
    /// <summary>It dies and starts again at once.</summary>
    Restart,

    /// <summary>It dies and a replica that waited takes over.</summary>
    Standby,

    /// <summary>It stands still for 1.5 leases while another takes over, and then goes on.</summary>
    Paused,
}

/// <summary>One interruption of one workload, or two in a row.</summary>
/// <param name="Workload">The workload's name.</param>
/// <param name="Boundary">Which call of the first replica, from 1; in a second plan which call of the one that goes
/// on.</param>
/// <param name="Moment">Where in the call.</param>
/// <param name="Succession">What becomes of the replica.</param>
internal sealed record CrashPlan(string Workload, int Boundary, Moment Moment, Succession Succession)
{
    /// <summary>Calls of the replica that goes on at which it is struck too: each of the first, then ever fewer.</summary>
    private static readonly IReadOnlyList<int> Later = [1, 2, 3, 5, 8, 13, 21, 34, 55];

    /// <summary>What befalls the replica that goes on; null for nothing.</summary>
    public CrashPlan? Then { get; init; }

    /// <summary>Replicas that have to wait beside the first.</summary>
    public int Standbys => (Succession == Succession.Restart ? 0 : 1) + (Then?.Standbys ?? 0);

    /// <summary>All ways to interrupt one call of a workload, each with all ways to interrupt what follows.</summary>
    public static IEnumerable<CrashPlan> PairsAt(string workload, int boundary) =>
        from first in At(workload, boundary)
        from later in Later
        from second in At(workload, later)
        select first with
        {
            Then = second,
        };

    /// <summary>All ways to interrupt one call of a workload.</summary>
    public static IEnumerable<CrashPlan> At(string workload, int boundary) =>
        from moment in Enum.GetValues<Moment>()
        from succession in Enum.GetValues<Succession>()
        select new CrashPlan(workload, boundary, moment, succession);

    /// <summary>A plan from its text.</summary>
    public static CrashPlan Parse(string text)
    {
        var plans = text.Split('+');
        var words = plans[0].Split('-');
        return new CrashPlan(
            words[0],
            int.Parse(words[1], CultureInfo.InvariantCulture),
            Enum.Parse<Moment>(words[2]),
            Enum.Parse<Succession>(words[3])
        )
        {
            Then = plans.Length > 1 ? Parse(plans[1]) : null,
        };
    }

    /// <summary>As <c>Abort-17-Lost-Standby</c>; a second one follows after a <c>+</c>.</summary>
    public override string ToString() =>
        $"{Workload}-{Boundary}-{Moment}-{Succession}{(Then is null ? "" : $"+{Then}")}";
}

using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>Which Losant it is: half of the schedules have the one that the documentation lets us assume, the others
/// differ from it in some of what is not documented. What the operator never sends is left out: a release without
/// devices, a removal without a target, tags in a release. Without a Date in its answers releases go on by the dates of the
/// logs, which may take a command of their own for somebody else's: that Losant is not promised anything.</summary>
internal static class UnknownsMenu
{
    private const string Pages = "MaxPerPage";

    /// <summary>Without scans of several pages most faults of reading would have nothing to befall.</summary>
    private const double OfPages = 1.0 / 3;

    private static readonly IReadOnlyList<(
        string Name,
        Func<LosantUnknowns, Random, LosantUnknowns> Switched
    )> Switches =
    [
        (Pages, (losant, random) => losant with { MaxPerPage = random.Next(7, 21) }),
        ("RefusesLargePages", (losant, _) => losant with { MaxPerPage = 100, RefusesLargePages = true }),
        ("StrangeDeviceIds.NotFound", (losant, _) => losant with { StrangeDeviceIds = Tolerance.NotFound }),
        ("StrangeDeviceIds.Refuse", (losant, _) => losant with { StrangeDeviceIds = Tolerance.Refuse }),
        ("UnknownVersion", (losant, _) => losant with { UnknownVersion = Tolerance.Refuse }),
        ("LogRetention", (losant, random) => losant with { LogRetention = random.Next(4, 12) }),
        ("LogsOldestFirst", (losant, _) => losant with { LogsOldestFirst = true }),
        ("RetryAfter", (losant, random) => losant with { RetryAfter = TimeSpan.FromSeconds(random.Next(1, 30)) }),
        ("WrongApplicationIsNotFound", (losant, _) => losant with { WrongApplicationIsNotFound = true }),
        ("RepeatedReleaseLogs", (losant, _) => losant with { RepeatedReleaseLogs = true }),
        ("RepublishRedeploys", (losant, _) => losant with { RepublishRedeploys = true }),
        ("RepublishKeepsId", (losant, _) => losant with { RepublishKeepsId = true }),
        (
            "RowsVisibleAfter",
            (losant, random) => losant with { RowsVisibleAfter = TimeSpan.FromSeconds(random.Next(1, 40)) }
        ),
        ("FilterEmptyFalseFilters", (losant, _) => losant with { FilterEmptyFalseFilters = true }),
        ("VersionsIgnoreCase", (losant, _) => losant with { VersionsIgnoreCase = true }),
        ("ReportsChangeLastUpdated", (losant, _) => losant with { ReportsChangeLastUpdated = false }),
        ("ConnectionsChangeLastUpdated", (losant, _) => losant with { ConnectionsChangeLastUpdated = true }),
        ("ListsRowsOfDeletedDevices", (losant, _) => losant with { ListsRowsOfDeletedDevices = true }),
        ("Etags", (losant, _) => losant with { Etags = false }),
        ("OmitsNulls", (losant, _) => losant with { OmitsNulls = true }),
    ];

    /// <summary>What is not documented of bundles. What the operator never sends is left out here too: an export without a
    /// device.</summary>
    private static readonly IReadOnlyList<(string Name, Func<LosantUnknowns, LosantUnknowns> Switched)> OfBundles =
    [
        ("DeviceChangesRebuildBundles", losant => losant with { DeviceChangesRebuildBundles = false }),
        ("UnknownBundleIsReplaced", losant => losant with { UnknownBundleIsReplaced = true }),
        ("NoBundleIsNull", losant => losant with { NoBundleIsNull = true }),
        ("RemovedFlowsVanish", losant => losant with { RemovedFlowsVanish = true }),
    ];

    /// <summary>The names of all switches but those of bundles.</summary>
    public static IEnumerable<string> Names => Switches.Select(each => each.Name);

    /// <summary>The names of all switches.</summary>
    public static IEnumerable<string> NamesWithBundles => Names.Concat(OfBundles.Select(each => each.Name));

    /// <summary>The Losant of a schedule, and the names of the switches that are not as assumed.</summary>
    /// <param name="seed">The schedule's.</param>
    public static (LosantUnknowns Losant, IReadOnlyList<string> Names) Of(int seed)
    {
        var random = new Random(seed ^ 0x5ca4);
        var losant = new LosantUnknowns();
        var names = new List<string>();
        var chance = random.Next(2) == 0 ? 0 : 0.1;
        foreach (
            var (name, switched) in Switches.Where(each =>
                random.NextDouble() < (each.Name == Pages ? OfPages : chance)
            )
        )
        {
            losant = switched(losant, random);
            names.Add(name);
        }

        return (losant, names);
    }

    /// <summary>The Losant of a schedule with microcontrollers: the switches of the bundles too, each in every second
    /// one.</summary>
    /// <param name="seed">The schedule's.</param>
    public static (LosantUnknowns Losant, IReadOnlyList<string> Names) WithBundles(int seed)
    {
        var random = new Random(seed ^ 0xb04d);
        var (losant, names) = Of(seed);
        var switched = OfBundles.Where(_ => random.Next(2) == 0).ToList();
        return (
            switched.Aggregate(losant, (before, each) => each.Switched(before)),
            [.. names, .. switched.Select(each => each.Name)]
        );
    }
}

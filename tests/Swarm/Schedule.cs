using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What one schedule came to.</summary>
/// <param name="Seed">What makes it again.</param>
/// <param name="Broken">The invariant that did not hold; null when all did.</param>
/// <param name="Trace">A hash of everything that both servers recorded; empty unless asked for.</param>
internal sealed record Outcomes(int Seed, string? Broken, string Trace)
{
    public required int Calls { get; init; }

    /// <summary>How many applications there were.</summary>
    public required int Applications { get; init; }

    public required TimeSpan Simulated { get; init; }

    /// <summary>How often each deed was done to the first application.</summary>
    public required IReadOnlyDictionary<Deed, long> Deeds { get; init; }

    /// <summary>How often each fault of Losant happened.</summary>
    public required IReadOnlyDictionary<FaultKind, long> Losant { get; init; }

    /// <summary>How often each fault of the API server happened.</summary>
    public required ClusterFaultCounts Cluster { get; init; }

    /// <summary>The switches in which Losant is not as assumed.</summary>
    public required IReadOnlyList<string> Unknowns { get; init; }

    public IReadOnlyList<string> Told { get; init; } = [];

    /// <summary>What happened last on both servers, for the eyes of whoever looks into a failure.</summary>
    public IReadOnlyList<string> Last { get; init; } = [];
}

/// <summary>Plays one random schedule and judges it.</summary>
internal static class Schedule
{
    /// <summary>Longer than until the next full scan, and the second one that a smaller fleet needs; ten polls at the
    /// longest jittered idle pace.</summary>
    public static readonly Watched Long = new(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(24));

    /// <summary>Longer than the longest time that a spec of the menu gives a device: a replica that starts in the calm
    /// has read everything.</summary>
    private static readonly Watched Short = new(TimeSpan.FromMinutes(14), TimeSpan.FromMinutes(6));

    /// <summary>A thousand polls.</summary>
    private static readonly Watched Longest = Long with { Settled = TimeSpan.FromHours(40) };

    /// <param name="seed">What makes it.</param>
    /// <param name="isTraced">Whether the hash of all that both servers recorded is wanted.</param>
    public static Outcomes Play(int seed, bool isTraced = false)
    {
        var (losant, unknowns) = UnknownsMenu.Of(seed);
        using var world = new World(seed, losant) { Timing = Timing(seed) };
        var plot = new Plot(world);
        var yards = new Yards(world, seed);
        var referee = new Referee(world, plot.Plant);
        var others = yards.Plants.Select(plant => (Plant: plant, Referee: new Referee(world, plant))).ToList();
        var broken = Broken(() =>
        {
            yards.Begin();
            plot.Play(yards.Acts);
            var watched =
                seed % 1000 == 0 ? Longest
                : seed % 5 == 0 ? Long
                : Short;
            yards.Calm();
            plot.Calm(isAnew: watched == Short);
            new Verdicts(world, plot.Plant, watched).Judge(referee);
            others.ForEach(other => new Verdicts(world, other.Plant, Short).Judge(other.Referee));
        });
        var found = others
            .Select(other => other.Referee.Found)
            .Prepend(referee.Found)
            .FirstOrDefault(each => each is not null);

        return new Outcomes(seed, broken ?? found?.Message, isTraced ? Hash(world) : "")
        {
            Calls = referee.Calls + others.Sum(other => other.Referee.Calls),
            Applications = 1 + others.Count,
            Deeds = new Dictionary<Deed, long>(plot.Deeds) { [Deed.WentBackForLosses] = referee.Losses },
            Simulated = world.Time.Now - world.Losant.Options.StartAt,
            Losant = world.Losant.Faults.Counts,
            Cluster = world.Cluster.Faults,
            Unknowns = unknowns,
            Told = [.. plot.Told.Concat(yards.Told).Order(StringComparer.Ordinal)],
            Last = broken is null && found is null ? [] : Last(world),
        };
    }

    /// <summary>What a schedule broke; null for nothing.</summary>
    public static string? Broken(Action schedule)
    {
        try
        {
            schedule();
            return null;
        }
        catch (Violation violation)
        {
            return violation.Message;
        }
        catch (Exception crash) when (crash is not OutOfMemoryException)
        {
            return $"crash: {crash}";
        }
    }

    /// <summary>The lease as it is in three of ten, else at a fifth of its pace: most calls would be its renewals.</summary>
    private static LeaseTiming Timing(int seed) =>
        seed % 10 < 3
            ? new LeaseTiming()
            : new LeaseTiming
            {
                Duration = TimeSpan.FromSeconds(150),
                RenewEvery = TimeSpan.FromSeconds(25),
                RenewDeadline = TimeSpan.FromSeconds(100),
                RetryEvery = TimeSpan.FromSeconds(10),
            };

    /// <summary>What happened last on both servers.</summary>
    public static List<string> Last(World world)
    {
        var losant = world
            .Losant.Record.Entries.Where(entry => entry is not RequestRecord { Method: "GET" })
            .Select(entry => (entry.At, Text: Line(entry)));
        var cluster = world
            .Cluster.Record.Where(write => write is { Kind.Kind: "EdgeRelease", Subresource: "status" })
            .Select(write =>
                (
                    write.At,
                    Text: $"{write.Key.Name} {Member(write.After, "phase")} {Member(write.After, "message")} batch {Member(write.After, "batch")}"
                )
            );
        return
        [
            .. losant
                .Concat(cluster)
                .OrderBy(line => line.At)
                .TakeLast(SwarmTests.Number("EDGERELEASE_SWARM_LAST") ?? 60)
                .Select(line => $"{line.At:HH:mm:ss.f} {line.Text}"),
        ];
    }

    private static string Line(RecordEntry entry) =>
        entry switch
        {
            RequestRecord request => $"{request.Method} {request.Body} -> {request.Status} {request.Fault}",
            DeviceChangeRecord change =>
                $"{change.DeviceId[^3..]} {change.FlowId?[^3..]} {change.Field} {change.From} -> {change.To} {(change.Cause.Foreign ? "foreign" : "")}",
            _ => "",
        };

    private static string Member(JsonElement json, string name) =>
        json.TryGetProperty("status", out var status) && status.TryGetProperty(name, out var value)
            ? value.ToString()
            : "";

    private static string Hash(World world)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in world.Losant.Record.Entries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(entry.ToString()));
        }

        foreach (var write in world.Cluster.Record)
        {
            hash.AppendData(
                Encoding.UTF8.GetBytes(
                    $"{write.Sequence} {write.At:O} {write.Verb} {write.Kind.Kind} {write.Key} {write.After.GetRawText()}"
                )
            );
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

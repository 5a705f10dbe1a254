using System.Security.Cryptography;
using System.Text;

namespace EdgeRelease.Tests.Swarm;

/// <summary>What one schedule came to.</summary>
/// <param name="Seed">What makes it again.</param>
/// <param name="Broken">The invariant that did not hold; null when all did.</param>
/// <param name="Trace">A hash of everything that both servers recorded.</param>
internal sealed record Outcomes(int Seed, string? Broken, string Trace)
{
    public required int Calls { get; init; }

    public required TimeSpan Simulated { get; init; }

    public IReadOnlyList<string> Told { get; init; } = [];
}

/// <summary>Plays one random schedule and judges it.</summary>
internal static class Schedule
{
    public static Outcomes Play(int seed)
    {
        using var world = new World(seed);
        var plot = new Plot(world);
        var referee = new Referee(world, plot);
        string? broken = null;
        try
        {
            world.Connect(plot.Application, TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(5));
            world.Start();
            plot.Play();
            plot.Calm();
            new Verdicts(world, plot).Judge(referee);
        }
        catch (Violation violation)
        {
            broken = violation.Message;
        }
        catch (Exception crash) when (crash is not OutOfMemoryException)
        {
            broken = $"crash: {crash}";
        }

        return new Outcomes(seed, broken ?? referee.Found?.Message, Hash(world))
        {
            Calls = referee.Calls,
            Simulated = world.Time.Now - world.Losant.Options.StartAt,
            Told = plot.Told,
        };
    }

    private static string Hash(World world)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in world.Losant.Record.Entries)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(entry.ToString()));
        }

        foreach (var write in world.Cluster.Record)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{write.Sequence} {write.At:O} {write.Verb} {write.Kind.Kind} {write.Key} {write.After.GetRawText()}"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }
}

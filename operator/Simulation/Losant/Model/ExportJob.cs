namespace EdgeRelease.Simulation;

/// <summary>A bundle that somebody asked for, to be delivered to a callback.</summary>
/// <param name="Id">21 characters, as in Losant's example.</param>
/// <param name="Device">The device whose bundle it is, 24 hex digits.</param>
/// <param name="Bundle">The bundle that was desired then; null for none.</param>
/// <param name="CallbackUrl">Where it goes; null for an e-mail.</param>
/// <param name="At">When it was asked for.</param>
public sealed record ExportJob(string Id, string Device, string? Bundle, string? CallbackUrl, DateTimeOffset At);

/// <summary>The exports of an application: one in five minutes. Source: Losant's throttles.</summary>
public sealed class ExportDesk
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Takes = TimeSpan.FromSeconds(10);
    private readonly SimulatedLosant losant;
    private readonly List<ExportJob> jobs = [];

    internal ExportDesk(SimulatedLosant losant) => this.losant = losant;

    /// <summary>The jobs that were queued, oldest first.</summary>
    public IReadOnlyList<ExportJob> Jobs => jobs;

    /// <summary>Those that were delivered.</summary>
    public IReadOnlyList<ExportJob> Delivered { get; private set; } = [];

    /// <summary>Queues the export of a bundle; null when the last one was less than five minutes ago.</summary>
    internal ExportJob? Queue(SimulatedBundle bundle, string? callbackUrl)
    {
        if (jobs.Count > 0 && losant.Now < jobs[^1].At + Pause)
        {
            return null;
        }

        var id = losant.Ids.Next()[..21];
        var job = new ExportJob(id, bundle.Device.Id, bundle.State.Desired, callbackUrl, losant.Now);
        jobs.Add(job);
        losant.Later(Takes, () => Deliver(job));
        return job;
    }

    private void Deliver(ExportJob job)
    {
        Delivered = [.. Delivered, job];
        losant.Delivers(job);
    }
}

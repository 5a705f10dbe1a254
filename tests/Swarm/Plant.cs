using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>One flow on the devices of one application, and what others than the operator did to them: all that the
/// judges must know beside the servers.</summary>
internal sealed class Plant
{
    private readonly World _world;

    public Plant(World world, string flow, IReadOnlyList<string> versions)
        : this(world, world.Losant.AddApplication("plant"), new FlowSetup(flow), versions) { }

    public Plant(World world, SimulatedApplication application, FlowSetup flow, IReadOnlyList<string> versions)
    {
        _world = world;
        Application = application;
        Flow = Application.AddFlow(flow);
        foreach (var version in versions)
        {
            Flow.AddVersion(version);
        }
    }

    public SimulatedApplication Application { get; }

    public SimulatedFlow Flow { get; }

    /// <summary>The name of its LosantApplication.</summary>
    public string ObjectName { get; init; } = World.ApplicationName;

    /// <summary>Devices that somebody else wrote to, or whose tags or existence changed, and when last.</summary>
    public Dictionary<string, DateTimeOffset> Touched { get; init; } = [];

    /// <summary>Whether the application has gateways and microcontrollers.</summary>
    public bool IsMixed { get; init; }

    /// <summary>Devices that somebody else wrote to, and when last.</summary>
    public Dictionary<string, DateTimeOffset> Foreign { get; } = [];

    /// <summary>Tags that the application's guard asks of every device, from the beginning to the end.</summary>
    public IReadOnlyDictionary<string, string> Guard { get; init; } = new Dictionary<string, string>();

    /// <summary>When many devices were removed at once; null when that never happened.</summary>
    public Shrinkage? Shrunk { get; private set; }

    /// <summary>When somebody deleted the ledger of a release; null when nobody did.</summary>
    public DateTimeOffset? LedgerLostAt { get; set; }

    /// <summary>Whether anything happened that may make a good version fail: a deleted version, a republished one.</summary>
    public bool MayFailInnocently { get; set; }

    /// <summary>Adds a device that runs a version, or nothing.</summary>
    public SimulatedDevice Add(DeviceSetup setup, string? version)
    {
        var isEmbedded = Flow.FlowClass == "embedded";
        var device = Application.AddDevice(isEmbedded ? setup with { DeviceClass = "embedded" } : setup);
        if (version is not null)
        {
            Application.Install(device, Flow, version);
        }

        Touch(device);
        return device;
    }

    /// <summary>Writes past the API, as a person does.</summary>
    public void Write(SimulatedDevice device, string? version)
    {
        Touch(device);
        Foreign[device.Id] = _world.Time.Now;
        Application.ForeignWrite(device, Flow, version);
    }

    /// <summary>Removes many devices at once.</summary>
    public void Shrink(IEnumerable<SimulatedDevice> devices)
    {
        Shrunk = new Shrinkage(_world.Time.Now, Present);
        foreach (var device in devices)
        {
            Touch(device);
            device.Remove();
        }
    }

    /// <summary>Devices that are not deleted.</summary>
    public int Present => Application.Devices.Count(device => device.DeletedAt is null);

    /// <summary>Remembers that somebody else changed a device now.</summary>
    public void Touch(SimulatedDevice device) => Touched[device.Id] = _world.Time.Now;
}

/// <summary>Many devices gone at once.</summary>
/// <param name="At">When.</param>
/// <param name="Before">Devices before.</param>
internal sealed record Shrinkage(DateTimeOffset At, int Before);

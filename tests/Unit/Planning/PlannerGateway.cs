using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A gateway as the tiny Losant of these tests knows it.</summary>
internal sealed class PlannerGateway
{
    public required DeviceId Id { get; init; }

    public DeviceClass Class { get; set; } = DeviceClass.EdgeCompute;

    public string? Agent { get; set; } = "1.40.0";

    public TagSet Tags { get; set; } = TagSet.Empty;

    public bool Connected { get; set; } = true;

    public DateTimeOffset? ConnectionAt { get; set; }

    /// <summary>Versions that it reports an error for.</summary>
    public HashSet<string> Refuses { get; } = [];

    /// <summary>Versions that it never answers for.</summary>
    public HashSet<string> Ignores { get; } = [];

    /// <summary>Versions after which it goes dark.</summary>
    public HashSet<string> DiesOf { get; } = [];

    /// <summary>Whether it cannot load a bundle that was built for something else than the release's flow.</summary>
    public bool RefusesRebuilds { get; set; }

    /// <summary>Whether releases to it are answered with 201 and never applied.</summary>
    public bool IsDeafToLosant { get; set; }

    public bool IsDeleted { get; set; }

    public DeploymentRow? Row { get; set; }

    public DateTimeOffset? AppliesAt { get; set; }

    /// <summary>The versions that Losant was told by the release, oldest first; null is a removal.</summary>
    public List<string?> Told { get; } = [];

    public string? Runs => Row?.Current;

    public string? Wants => Row?.Desired;
}

/// <summary>One command as Losant got it.</summary>
/// <param name="At">When.</param>
/// <param name="Gateway">To which device.</param>
/// <param name="Command">What.</param>
internal sealed record PlannerTelling(DateTimeOffset At, PlannerGateway Gateway, Command Command)
{
    public bool IsForward => Command.Kind == CommandKind.Forward;
}

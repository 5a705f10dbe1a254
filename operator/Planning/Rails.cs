using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>What a LosantApplication asks of all its releases.</summary>
public sealed record Rails
{
    /// <summary>The LosantApplication's name.</summary>
    public string Application { get; init; } = "";

    /// <summary>Times of the week at which its devices may go forward; empty for always.</summary>
    public IReadOnlyList<WindowSpec> Windows { get; init; } = [];

    /// <summary>What its releases stay within.</summary>
    public GuardSpec Guard { get; init; } = new();

    /// <summary>Why nothing moves forward; null while it may.</summary>
    public FreezeSpec? Frozen { get; init; }

    /// <summary>Whether nothing may be sent at all.</summary>
    public bool IsShutDown => Frozen is { Scope: FreezeScope.Everything };

    /// <summary>The freeze in words, and how it ends.</summary>
    public string FrozenBecause =>
        $"frozen ({Frozen?.Reason}): it goes on when spec.frozen is taken from LosantApplication {Application}";

    /// <summary>Whether a device may be touched at all.</summary>
    /// <param name="tags">The device's tags.</param>
    public bool Admits(TagSet tags) => Selection.HasAll(tags, Guard.DeviceTags);

    /// <summary>The most devices that may be away at once: of the release's limit and the guard's the lower one.</summary>
    /// <param name="limit">The release's limit.</param>
    /// <param name="eligible">Its eligible devices.</param>
    public int Most(IntOrPercent limit, int eligible)
    {
        var own = Devices(limit, eligible);
        return Guard.MaxUnavailable is { } rail ? Math.Min(own, Devices(rail, eligible)) : own;
    }

    /// <summary>What a person raises to have more devices away: of the release's limit and the guard's the lower one, or
    /// both where they are equal.</summary>
    /// <param name="limit">The release's limit.</param>
    /// <param name="eligible">Its eligible devices.</param>
    public string MostSetting(IntOrPercent limit, int eligible)
    {
        const string own = "limits.maxUnavailable";
        var rail = Setting("maxUnavailable");
        var most = Guard.MaxUnavailable is { } set ? Devices(set, eligible) : int.MaxValue;
        return Devices(limit, eligible).CompareTo(most) switch
        {
            < 0 => own,
            0 => $"{own} and {rail}",
            _ => rail,
        };
    }

    /// <summary>A member of the guard, as a message names it.</summary>
    /// <param name="member">The member, as <c>maxUnavailable</c>.</param>
    public string Setting(string member) => $"spec.guard.{member} of LosantApplication {Application}";

    /// <summary>What keeps a release from moving forward whatever its fleet does; null when nothing does.</summary>
    /// <param name="spec">The release.</param>
    /// <param name="flow">The name of its flow.</param>
    public Obstacle? Problem(EdgeReleaseSpec spec, string flow) =>
        ForbiddenFlow(flow)
        ?? UnknownZone("spec.schedule", spec.Schedule.Windows)
        ?? UnknownZone($"LosantApplication {Application}: spec.schedule", Windows);

    private static int Devices(IntOrPercent limit, int eligible) =>
        limit.IsPercent ? Math.Max(1, (int)((long)limit.Value * eligible / 100)) : limit.Value;

    private Obstacle? ForbiddenFlow(string flow) =>
        Guard.Flows.Count == 0 || Guard.Flows.Any(glob => Fits(glob, flow))
            ? null
            : new Obstacle(
                Reasons.GuardViolated,
                $"LosantApplication {Application} lets only the flows {string.Join(", ", Guard.Flows)} be released, not {flow}: "
                    + "add it to spec.guard.flows there, or delete this release"
            );

    /// <summary>Whether a name fits a pattern in which <c>*</c> stands for any characters.</summary>
    private static bool Fits(string glob, string name)
    {
        var parts = glob.Split('*');
        if (parts.Length == 1)
        {
            return glob == name;
        }

        var isEdged =
            name.Length >= parts[0].Length + parts[^1].Length
            && name.StartsWith(parts[0], StringComparison.Ordinal)
            && name.EndsWith(parts[^1], StringComparison.Ordinal);
        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = isEdged ? name.IndexOf(part, at, StringComparison.Ordinal) : -1;
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return isEdged && at <= name.Length - parts[^1].Length;
    }

    private static Obstacle? UnknownZone(string where, IReadOnlyList<WindowSpec> windows)
    {
        var index = windows.ToList().FindIndex(window => Zones.Find(window.TimeZone) is null);
        return index < 0
            ? null
            : new Obstacle(
                Reasons.InvalidSpec,
                $"{where}.windows[{index}].timeZone: there is no time zone {windows[index].TimeZone}: set the name of one, as Europe/Berlin"
            );
    }
}

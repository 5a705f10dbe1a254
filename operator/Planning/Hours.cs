using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>Whether a device may be sent now, by the clock: not before the release begins, and while a window of the
/// release and one of its application are open (F035, F036).</summary>
public sealed class Hours
{
    /// <summary>How far openings are looked for.</summary>
    private const int Days = 8;

    private readonly DateTimeOffset _from;
    private readonly DateTimeOffset _until;
    private readonly DateTimeOffset _now;
    private readonly IReadOnlyList<WindowSpec>[] _schedules;
    private readonly bool _isLocal;
    private readonly Dictionary<string, bool> _zones = [];
    private readonly Dictionary<string, DateTimeOffset?> _next = [];

    /// <summary>The hours of a release.</summary>
    /// <param name="wanted">The release; its zones are known, or it has a <see cref="Release.Problem"/>.</param>
    /// <param name="now">Losant's clock now.</param>
    /// <param name="isForward">Whether for the way forward, which <c>schedule.notBefore</c> holds.</param>
    public Hours(Release wanted, DateTimeOffset now, bool isForward = true)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        _now = now;
        Begins =
            isForward && wanted.Spec.Schedule.NotBefore is { } begin && begin > now ? begin.ToUniversalTime() : null;
        _from = Begins ?? now;
        _until = Openings.After(_from, Days);
        _schedules = [wanted.Spec.Schedule.Windows, wanted.Rails.Windows];
        _isLocal = _schedules.Any(windows => windows.Any(window => window.TimeZoneTag is not null));
    }

    /// <summary>When the release may begin; null when it may already.</summary>
    public DateTimeOffset? Begins { get; }

    /// <summary>Whether a device may be sent now.</summary>
    /// <param name="tags">The device's tags.</param>
    public bool IsOpen(TagSet tags) => Next(tags) <= _now;

    /// <summary>When a device may be sent: now, or the next opening; null when none comes within 8 days of now, or of
    /// <see cref="Begins"/>.</summary>
    /// <param name="tags">The device's tags.</param>
    public DateTimeOffset? Next(TagSet tags)
    {
        ArgumentNullException.ThrowIfNull(tags);
        tags = _isLocal ? tags : TagSet.Empty;
        if (!_isLocal && _next.TryGetValue("", out var same))
        {
            return same;
        }

        var zones = _schedules.Select(windows => windows.Select(window => Zone(window, tags)).ToList()).ToList();
        var key = _isLocal ? string.Join(' ', zones.SelectMany(names => names)) : "";
        if (!_next.TryGetValue(key, out var next))
        {
            _next[key] = next = Find(zones);
        }

        return next;
    }

    /// <summary>The first instant that lies in an opening of each schedule.</summary>
    private DateTimeOffset? Find(List<List<string>> zones)
    {
        var openings = _schedules.Zip(zones, OpeningsOf).Where(all => all is not null).ToList();
        var at = _from;
        while (true)
        {
            var next = openings.Select(all => NextIn(all!, at)).Append(at).ToList();
            if (next.Contains(null) || next.Max() > _until)
            {
                return null;
            }

            if (next.Max() == at)
            {
                return at;
            }

            at = next.Max()!.Value;
        }
    }

    /// <summary>The openings of a schedule; null when it is always open.</summary>
    private List<Opening>? OpeningsOf(IReadOnlyList<WindowSpec> windows, List<string> zones) =>
        windows.Count == 0
            ? null
            :
            [
                .. windows
                    .Zip(zones)
                    .SelectMany(pair =>
                        Zones.Find(pair.Second) is { } zone ? Openings.Of(pair.First, zone, _from, Days + 1) : []
                    ),
            ];

    private static DateTimeOffset? NextIn(List<Opening> openings, DateTimeOffset at) =>
        openings
            .Where(opening => opening.To > at)
            .Select(opening => (DateTimeOffset?)(opening.From > at ? opening.From : at))
            .Min();

    /// <summary>The zone in which a window is open for a device.</summary>
    private string Zone(WindowSpec window, TagSet tags) =>
        window.TimeZoneTag is { } key && tags.First(key) is { } own && IsKnown(own) ? own : window.TimeZone;

    private bool IsKnown(string zone)
    {
        if (!_zones.TryGetValue(zone, out var isKnown))
        {
            _zones[zone] = isKnown = Zones.Find(zone) is not null;
        }

        return isKnown;
    }
}

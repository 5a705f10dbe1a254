using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>F127, by what both servers hold when a wish for a bundle arrives: it was stored before, by a release that asks
/// for it; none came within five minutes before it; it is no second one unless Losant had no room for the first; and the
/// bundle is one with the release's version.</summary>
internal sealed class ExportJudge
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(5);

    /// <summary>Longer than a call may be under way, with a leader that stands still.</summary>
    private static readonly TimeSpan LongestWay = TimeSpan.FromMinutes(10);

    private readonly World _world;
    private readonly Plant _plant;
    private readonly HashSet<(string Uid, DateTimeOffset At)> _used = [];
    private readonly Dictionary<(string Uid, int Revision), int> _answers = [];
    private (string Uid, DateTimeOffset At)? _last;

    public ExportJudge(World world, Plant plant)
    {
        (_world, _plant) = (world, plant);
        world.Losant.Record.Subscribe(entry =>
        {
            if (
                entry is RequestRecord { Method: "POST" } request
                && request.Path.EndsWith("/embedded/deployments/export", StringComparison.Ordinal)
            )
            {
                Calls++;
                Found ??= Judged(request);
            }
        });
    }

    /// <summary>What was broken first; null when nothing was.</summary>
    public string? Found { get; private set; }

    /// <summary>Wishes that were judged.</summary>
    public int Calls { get; private set; }

    private string? Judged(RequestRecord request)
    {
        using var body = JsonDocument.Parse(request.Body!);
        var device = body.RootElement.GetProperty("deviceId").GetString()!;
        if (Intent(device) is not { Status.Export: { } asked } release)
        {
            return $"F127: the bundle of {device} was asked for without a stored intent, or twice for one";
        }

        var isFirst = !_answers.TryGetValue((release.Uid, asked.Revision), out var answer) || answer is 0 or 429;
        var isEarly = _last is { } last && last.At + Pause > request.At && IsThere(last.Uid);
        if (request.Status > 0)
        {
            _last = (release.Uid, asked.At);
        }

        _answers[(release.Uid, asked.Revision)] = request.Status;
        var callback = release.Spec.Embedded.ExportCanary?.CallbackUrl;
        return !isFirst ? $"F127: {release.Key} asked again after HTTP {answer}"
            : isEarly ? $"F127: {release.Key} asked within five minutes of another wish"
            : callback != body.RootElement.GetProperty("callbackUrl").GetString()
                ? $"F127: {release.Key} did not ask for a bundle at {callback ?? "any callback"}"
            : Wrong(release, device);
    }

    /// <summary>The release that stored this wish, as it was then, and has not sent it yet.</summary>
    private ReleaseObject? Intent(string device)
    {
        for (var i = _world.Cluster.Record.Count - 1; i >= 0; i--)
        {
            var write = _world.Cluster.Record[i];
            if (write.At < _world.Time.Now - LongestWay)
            {
                break;
            }

            if (
                write.Kind == Kinds.Release
                && ReleaseObject.Of(write.After)
                    is { Status.Export: { State: ExportState.Unknown } asked, Uid: var uid } release
                && asked.Device == device
                && _used.Add((uid, asked.At))
            )
            {
                return release;
            }
        }

        return null;
    }

    /// <summary>A release that is gone took its memory of the last wish along.</summary>
    private bool IsThere(string uid) =>
        _world.Cluster.All(Kinds.Release).Any(release => ReleaseObject.Of(release).Uid == uid);

    private string? Wrong(ReleaseObject release, string device)
    {
        var flow = _plant.Application.FindFlow(release.Status!.Flow!.Id!)!;
        var desired = _plant.Application.FindDevice(device)!.FindRow(flow)?.State.Desired;
        var isTouched = _plant.Touched.TryGetValue(device, out var at) && _world.Time.Now - at < Truth.Lag;
        return desired == release.Status.Version?.Name || isTouched
            ? null
            : $"F127: the bundle of {device} has {desired ?? "nothing"}, not {release.Status.Version?.Name ?? "nothing"}";
    }
}

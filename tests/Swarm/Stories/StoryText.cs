using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>A story in lines, from what both servers hold to be true.</summary>
internal sealed partial class StoryText
{
    private readonly World _world;
    private readonly Plant _plant;
    private readonly Ledgers _ledgers;
    private readonly List<(DateTimeOffset At, string Text)> _lines = [];

    public StoryText(World world, Plant plant)
    {
        (_world, _plant, _ledgers) = (world, plant, new Ledgers(world));
        world.Losant.Record.Subscribe(Note);
    }

    /// <summary>The sentences above the lines.</summary>
    public IReadOnlyList<string> Introduction { get; set; } = [];

    /// <summary>Something that a person or the world does now.</summary>
    public void Tell(string what) => _lines.Add((_world.Time.Now, what));

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendJoin('\n', Introduction).Append("\n\n");
        foreach (var (at, line) in _lines.Concat(Failures()).Concat(Statuses()).OrderBy(line => line.At))
        {
            text.Append(CultureInfo.InvariantCulture, $"{at - _world.Losant.Options.StartAt:hh\\:mm\\:ss} {line}\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"\nin the end: {Counts()}\n").ToString();
    }

    private void Note(RecordEntry entry)
    {
        switch (entry)
        {
            case RequestRecord { Method: "POST" } request:
                _lines.Add((entry.At, Call(request)));
                break;
            case DeviceChangeRecord { Field: ChangedField.Connected } change:
                _lines.Add(
                    (entry.At, $"{NameOf(change.DeviceId)} {(change.To == "true" ? "comes back" : "goes offline")}")
                );
                break;
            default:
                break;
        }
    }

    /// <summary>As <c>deploy v2 to 12 devices: step 2 of 3 half</c>.</summary>
    private string Call(RequestRecord request)
    {
        using var body = JsonDocument.Parse(request.Body!);
        var version = body.RootElement.GetProperty("version").GetString();
        var ids = body
            .RootElement.GetProperty("deviceIds")
            .EnumerateArray()
            .Select(id => DeviceId.Parse(id.GetString()!))
            .ToList();
        var release = _world
            .Cluster.All(Kinds.Release)
            .Select(ReleaseObject.Of)
            .First(one => one.Status?.InFlight is { } intent && intent.Version == version && intent.Count == ids.Count);
        var row = _ledgers.Of(release.Uid)[ids[0]];
        var command = row.Next ?? row.Last!;
        var what = Verb(command.Kind == CommandKind.Forward, version);
        var why = Progress().Replace(release.Status!.Message!.Split(';')[0], "");
        var names = string.Join(' ', ids.Select(id => NameOf(id.ToString())["gateway-".Length..]).Order(NumberOrder));
        var cause = command.Cause == BackCause.None ? "" : $" ({command.Cause})";
        var by = release.Key.Name == Story.Name ? "" : $" for {release.Key.Name}";
        return $"{what} {ids.Count}{cause}{by}: {why} [{names}]{Fate(request)}";
    }

    private static string Verb(bool isForward, string? version) =>
        version is null
            ? $"remove the flow {(isForward ? "from" : "again from")}"
            : $"{(isForward ? "deploy" : "restore")} {version} to";

    private static string Fate(RequestRecord request) =>
        request.Fault is { } fault ? $" -- {fault}"
        : request.Status >= 300 ? $" -- Losant says {request.Status}"
        : "";

    private IEnumerable<(DateTimeOffset At, string Text)> Failures() =>
        from row in _plant.Application.Rows
        from entry in row.State.Logs
        where entry.Error is not null
        select (entry.Date, $"{row.Device.Name} fails on {entry.New.Name ?? "nothing"}: {entry.Error}");

    /// <summary>Each other phase or kind of message; what differs in numbers only is the same.</summary>
    private IEnumerable<(DateTimeOffset At, string Text)> Statuses()
    {
        var before = new Dictionary<string, string>();
        foreach (var write in _world.Cluster.Record.Where(write => write.Kind.Kind == Kinds.Release.Kind))
        {
            if (write.Event == WatchEventKind.Deleted)
            {
                yield return (write.At, $"{write.Key.Name} is gone");
                continue;
            }

            var status = ReleaseObject.Of(write.After).Status;
            var name = write.Key.Name == Story.Name ? "" : $"{write.Key.Name} ";
            var line = $"{name}{status?.Phase}: {status?.Message}";
            var kind = Numbers().Replace(line, "#");
            if (status?.Phase is not null && kind != before.GetValueOrDefault(name))
            {
                before[name] = kind;
                yield return (write.At, $"  {line}");
            }
        }
    }

    private string Counts()
    {
        var now = _plant
            .Application.Devices.Where(device => device.DeletedAt is null)
            .Select(device => device.FindRow(_plant.Flow)?.State);
        return string.Join(
            ", ",
            now.GroupBy(Runs)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Count()} on {group.Key}")
        );
    }

    private string Runs(RowState? state)
    {
        var version = state?.Current ?? "nothing";
        var isOld = state?.Current is { } name && _plant.Flow.FindVersion(name)?.Etag != state.CurrentEtag;
        var runs = isOld ? $"{version} of older content" : version;
        return state?.Current == state?.Desired ? runs : $"{runs} (told {state?.Desired ?? "nothing"})";
    }

    private string NameOf(string id) => _plant.Application.FindDevice(id)!.Name;

    private static readonly IComparer<string> NumberOrder = Comparer<string>.Create(
        (one, other) =>
            int.Parse(one, CultureInfo.InvariantCulture).CompareTo(int.Parse(other, CultureInfo.InvariantCulture))
    );

    [GeneratedRegex(": [0-9]+ of [0-9]+ updated.*", RegexOptions.None, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Progress();

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Numbers();
}

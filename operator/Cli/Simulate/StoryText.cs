using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using EdgeRelease.Controller;
using EdgeRelease.Kubernetes;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using EdgeRelease.Simulation;

namespace EdgeRelease.Cli;

/// <summary>A story in lines, from what both servers hold to be true.</summary>
internal sealed partial class StoryText
{
    private readonly World _world;
    private readonly SimulatedApplication _application;
    private readonly SimulatedFlow _flow;
    private readonly List<(DateTimeOffset At, string Text)> _lines = [];

    public StoryText(World world, SimulatedApplication application, SimulatedFlow flow)
    {
        (_world, _application, _flow) = (world, application, flow);
        world.Losant.Record.Subscribe(Note);
    }

    /// <summary>The release that the story is about; another one is named in the lines.</summary>
    public required string Release { get; init; }

    /// <summary>The most devices that are named in a line; of more only the number is told. Default all.</summary>
    public int NamesUpTo { get; init; } = int.MaxValue;

    /// <summary>Whether hours are counted on after a day; else the lines tell the time of the day, below a line for each day
    /// of a story that has more than one.</summary>
    public bool HasLongHours { get; init; }

    /// <summary>The sentences above the lines.</summary>
    public IReadOnlyList<string> Introduction { get; set; } = [];

    /// <summary>Something that a person or the world does now.</summary>
    public void Tell(string what) => _lines.Add((_world.Time.Now, what));

    /// <inheritdoc/>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendJoin('\n', Introduction).Append("\n\n");
        var lines = _lines.Concat(Failures()).Concat(Statuses()).OrderBy(line => line.At).ToList();
        var hasDays = !HasLongHours && lines.Count > 0 && lines[0].At.UtcDateTime.Date != lines[^1].At.UtcDateTime.Date;
        foreach (var day in lines.GroupBy(line => line.At.UtcDateTime.Date))
        {
            text.Append(hasDays ? $"{day.Key:yyyy-MM-dd}\n" : "");
            foreach (var (at, line) in day)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Clock(at - _world.Losant.Options.StartAt)} {line}\n");
            }
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

    /// <summary>As <c>deploy v2 to 2 gateways [3 4]: step 2 of 3 half</c>.</summary>
    private string Call(RequestRecord request)
    {
        using var body = JsonDocument.Parse(request.Body!);
        if (request.Path.EndsWith("/export", StringComparison.Ordinal))
        {
            return $"export the bundle of {NameOf(body.RootElement.GetProperty("deviceId").GetString()!)}{Fate(request, 1)}";
        }

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
        var row = Row(release, ids[0]);
        var command = row.Next ?? row.Last!;
        var what = Verb(command, version);
        var why = Progress().Replace(release.Status!.Message!.Split(';')[0], "");
        var by = release.Key.Name == Release ? "" : $" for {release.Key.Name}";
        return $"{what} {Many(ids)}{Cause(command.Cause)}{by}{Names(ids)}: {why}{Fate(request, ids.Count)}";
    }

    /// <summary>A device's row in the ledger of the call in flight, as the API server stores it, read past the operator.
    /// </summary>
    private LedgerRow Row(ReleaseObject release, DeviceId device)
    {
        var name = new ResourceKey(release.Key.Namespace, release.Status!.InFlight!.Ledger!);
        var ledger = _world.Cluster.Get(Kinds.Revision, name)!.Value.GetProperty("ledger").GetString();
        return LedgerText.Rows(ledger).Where(row => row.Device == device).MaxBy(row => row.Revision)!;
    }

    private static string Verb(Command command, string? version)
    {
        var (isForward, isDeletion) = (command.Kind == CommandKind.Forward, command.Cause == BackCause.Deletion);
        return version is null
            ? $"remove the flow {(isForward || isDeletion ? "from" : "again from")}"
            : $"{(isForward ? "deploy" : "restore")} {version} to";
    }

    /// <summary>Whom a call takes back, where the release's message is about the others.</summary>
    private static string Cause(BackCause cause) =>
        cause switch
        {
            BackCause.Failure => " that failed",
            BackCause.Lost => " that went dark",
            BackCause.Left => " that left the release",
            _ => "",
        };

    private static string Fate(RequestRecord request, int count) =>
        request.Fault == nameof(FaultKind.PartialApply)
            ? $" -- Losant says {request.Status} and schedules {(count == 1 ? "nothing" : "only some of it")}"
        : request.Fault is { } fault ? $" -- {fault}"
        : request.Status >= 300 ? $" -- Losant says {request.Status}"
        : "";

    /// <summary>As <c>1 gateway</c>, <c>12 boards</c>: the word before the number in the devices' names.</summary>
    private string Many(List<DeviceId> ids) =>
        $"{ids.Count} {NameOf(ids[0].ToString()).Split('-')[0]}{(ids.Count == 1 ? "" : "s")}";

    private string Names(List<DeviceId> ids) =>
        ids.Count > NamesUpTo
            ? ""
            : $" [{string.Join(' ', ids.Select(id => NameOf(id.ToString()).Split('-')[^1]).Order(NumberOrder))}]";

    private string Clock(TimeSpan since) =>
        HasLongHours ? $"{(int)since.TotalHours:00}:{since:mm\\:ss}" : $"{since:hh\\:mm\\:ss}";

    /// <summary>The first ones by name, the others counted.</summary>
    private List<(DateTimeOffset At, string Text)> Failures()
    {
        var failures = (
            from row in _application.Rows
            from entry in row.State.Logs
            where entry.Error is not null
            orderby entry.Date
            select (entry.Date, $"{row.Device.Name} fails on {entry.New.Name ?? "nothing"}: {entry.Error}")
        ).ToList();
        return failures.Count <= NamesUpTo
            ? failures
            :
            [
                .. failures.Take(NamesUpTo),
                (failures[NamesUpTo].Date, $"{failures.Count - NamesUpTo} more failures from here on"),
            ];
    }

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
            var name = write.Key.Name == Release ? "" : $"{write.Key.Name} ";
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
        var now = _application
            .Devices.Where(device => device.DeletedAt is null)
            .Select(device => (device.Connected, device.FindRow(_flow)?.State));
        return string.Join(
            ", ",
            now.GroupBy(Runs)
                .OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => $"{group.Count()} on {group.Key}")
        );
    }

    private string Runs((bool IsConnected, RowState? State) device)
    {
        var state = device.State;
        var version = state?.Current ?? "nothing";
        var isOld = state?.Current is { } name && _flow.FindVersion(name)?.Etag != state.CurrentEtag;
        var runs = isOld ? $"{version} of older content" : version;
        var told = state?.Desired ?? "nothing";
        return state?.Current == state?.Desired ? runs
            : device.IsConnected ? $"{runs} (told {told})"
            : $"{runs} (offline, told {told} for its return)";
    }

    private string NameOf(string id) => _application.FindDevice(id)!.Name;

    private static readonly IComparer<string> NumberOrder = Comparer<string>.Create(
        (one, other) =>
            int.Parse(one, CultureInfo.InvariantCulture).CompareTo(int.Parse(other, CultureInfo.InvariantCulture))
    );

    [GeneratedRegex(": [0-9]+ of [0-9]+ updated.*", RegexOptions.None, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Progress();

    [GeneratedRegex("[0-9]+", RegexOptions.None, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Numbers();
}

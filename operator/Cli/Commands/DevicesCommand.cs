using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Cli;

/// <summary>Lists the devices that a release moved, from its ledger, and from Losant if asked (F104).</summary>
internal static class DevicesCommand
{
    public static Verb Of(Frame frame)
    {
        var name = frame.Release();
        var live = new Option<bool>("--live")
        {
            Description = "also ask Losant what each runs now, whether it is connected, and its group",
        };
        var hosts = Lookout.Hosts();
        var output = Frame.Output(Form.Wide, Form.Json, Form.Yaml);
        return new Verb(
            "devices",
            "Lists each device that a release has moved: what became of it, and what it goes back to.",
            "devices line-monitor",
            "devices line-monitor --live",
            "devices line-monitor -o json"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster, form) = (frame.Screen(parsed), frame.Cluster(parsed), parsed.GetValue(output));
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var rows = await cluster.RowsAsync(release, cancel);
                var lookout = new Lookout(cluster, parsed.GetValue(hosts)!, screen.Time);
                var seen = parsed.GetValue(live) ? await SeenAsync(lookout, release, cancel) : null;
                if (form.IsDocument())
                {
                    screen.Print(Document(release.Meta.Name, rows, seen), form);
                    return Exit.Reached;
                }

                screen.Write(Lines(release.Meta.Name, rows, seen, form == Form.Wide, screen));
                return Exit.Reached;
            },
            name,
            live,
            hosts,
            output
        );
    }

    /// <summary>What Losant shows now of the devices that the release selects.</summary>
    private static async Task<IReadOnlyDictionary<DeviceId, Seen>> SeenAsync(
        Lookout lookout,
        ReleaseObject release,
        CancellationToken cancel
    )
    {
        var preview = await lookout.LookAsync(release, cancel);
        var groups = Groups.Of(preview.Wanted.Release!);
        return (preview.Plan!.Fleet?.Devices ?? []).ToDictionary(
            device => device.Id,
            device => new Seen(
                device.Deployment?.Current,
                device.IsReachable,
                groups is null ? "" : string.Join(' ', groups.Of(device.Seen))
            )
        );
    }

    /// <summary>The table for people.</summary>
    private static IEnumerable<Line> Lines(
        string name,
        IReadOnlyList<LedgerRow> rows,
        IReadOnlyDictionary<DeviceId, Seen>? seen,
        bool isWide,
        Screen screen
    )
    {
        if (rows.Count == 0)
        {
            return [new Line($"{name} has moved no device")];
        }

        var now = screen.Time.GetUtcNow();
        string[] live = ["RUNS", "CONNECTED", "GROUP"];
        var columns = seen is null ? 0 : live.Length - (isWide ? 0 : 1);
        string[] header = ["DEVICE", "STATE", "TOLD", .. live[..columns], "BEFORE", "REV", "SINCE", "ERROR"];
        var table = rows.Select(row => Row(row, Cells(seen?.GetValueOrDefault(row.Device))[..columns], now));
        return Table.Lines([header, .. table], isWide ? null : screen.Width);
    }

    /// <summary>A device that is no longer selected is not looked at.</summary>
    private static string[] Cells(Seen? seen) =>
        seen is null ? ["?", "?", ""] : [Words.Version(seen.Runs), seen.IsConnected ? "yes" : "no", seen.Group];

    private static string[] Row(LedgerRow row, string[] more, DateTimeOffset now) =>
        [
            row.Device.ToString(),
            State(row),
            Words.Version(row.Last?.Version),
            .. more,
            Words.Version(row.Previous),
            $"r{row.Revision}",
            Since(row) is { } at ? Words.Clock(at, now) : "",
            row.Error ?? row.Last?.Refusal ?? "",
        ];

    /// <summary>What became of a device, in one word.</summary>
    private static string State(LedgerRow row) =>
        row switch
        {
            { Closed: { } closed } => closed,
            { Last.Kind: CommandKind.Back, Outcome: Outcome.Failed or Outcome.Lost } => $"{row.Outcome}, told back",
            { Last.Kind: CommandKind.Back } => "ToldBack",
            { Outcome: not Outcome.None } => row.Outcome.ToString(),
            { Last.WasConnected: false } => "Armed",
            { Last: not null } => "Updating",
            _ => "NotTold",
        };

    private static DateTimeOffset? Since(LedgerRow row) =>
        row is { Last.Kind: CommandKind.Forward, OutcomeAt: { } at } ? at : row.Last?.At;

    private static JsonObject Document(
        string name,
        IReadOnlyList<LedgerRow> rows,
        IReadOnlyDictionary<DeviceId, Seen>? seen
    ) =>
        Output.Document(
            ("name", name),
            ("devices", new JsonArray([.. rows.Select(row => Document(row, seen?.GetValueOrDefault(row.Device)))]))
        );

    private static JsonObject Document(LedgerRow row, Seen? seen) =>
        Output.Document(
            ("device", row.Device.ToString()),
            ("state", State(row)),
            ("told", row.Last?.Version),
            ("runs", seen?.Runs),
            ("connected", seen?.IsConnected),
            ("group", seen is { Group: { Length: > 0 } group } ? group : null),
            ("previous", row.Previous),
            ("revision", row.Revision),
            ("step", row.Step + 1),
            ("since", Since(row).Text()),
            ("error", row.Error ?? row.Last?.Refusal)
        );

    /// <summary>What Losant shows of a device now.</summary>
    /// <param name="Runs">The version; null for none.</param>
    /// <param name="IsConnected">Whether it is connected.</param>
    /// <param name="Group">Its group of <c>limits.perGroup</c>, else of the guard's <c>perGroup</c>, as <c>site=hamburg</c>; empty
    /// without such a limit.</param>
    private sealed record Seen(string? Runs, bool IsConnected, string Group);
}

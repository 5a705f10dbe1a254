using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeRelease.Planning;

namespace EdgeRelease.Cli;

/// <summary>Lists the devices that a release moved, from its ledger (F104).</summary>
internal static class DevicesCommand
{
    public static Verb Of(Frame frame)
    {
        var name = frame.Release();
        var output = Frame.Output(Form.Wide, Form.Json, Form.Yaml);
        return new Verb(
            "devices",
            "Lists each device that a release has moved: what became of it, and what it goes back to.",
            "devices line-monitor",
            "devices line-monitor -o json"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster, form) = (frame.Screen(parsed), frame.Cluster(parsed), parsed.GetValue(output));
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var rows = await cluster.RowsAsync(release, cancel);
                if (form.IsDocument())
                {
                    screen.Print(Document(release.Meta.Name, rows), form);
                    return Exit.Reached;
                }

                screen.Write(Lines(release.Meta.Name, rows, form == Form.Wide, screen));
                return Exit.Reached;
            },
            name,
            output
        );
    }

    /// <summary>The table for people.</summary>
    public static IEnumerable<Line> Lines(string name, IReadOnlyList<LedgerRow> rows, bool isWide, Screen screen)
    {
        if (rows.Count == 0)
        {
            return [new Line($"{name} has moved no device")];
        }

        var now = screen.Time.GetUtcNow();
        string[] header = ["DEVICE", "STATE", "TOLD", "BEFORE", "REV", "SINCE", "ERROR"];
        var table = rows.Select(row => Row(row, now));
        return Table.Lines([header, .. table], isWide ? null : screen.Width);
    }

    private static string[] Row(LedgerRow row, DateTimeOffset now) =>
        [
            row.Device.ToString(),
            State(row),
            Words.Version(row.Last?.Version),
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

    private static JsonObject Document(string name, IReadOnlyList<LedgerRow> rows) =>
        Output.Document(("name", name), ("devices", new JsonArray([.. rows.Select(Document)])));

    private static JsonObject Document(LedgerRow row) =>
        Output.Document(
            ("device", row.Device.ToString()),
            ("state", State(row)),
            ("told", row.Last?.Version),
            ("previous", row.Previous),
            ("revision", row.Revision),
            ("step", row.Step + 1),
            ("since", Since(row).Text()),
            ("error", row.Error ?? row.Last?.Refusal)
        );
}

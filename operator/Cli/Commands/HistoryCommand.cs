using System.CommandLine;
using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;

namespace EdgeRelease.Cli;

/// <summary>Lists what a release did before.</summary>
internal static class HistoryCommand
{
    public static Verb Of(Frame frame)
    {
        var name = frame.Release();
        var output = Frame.Output(Form.Wide, Form.Json, Form.Yaml);
        return new Verb(
            "history",
            "Lists the revisions of a release, newest first: what each brought, and how it ended.",
            "history line-monitor",
            "history line-monitor -o wide"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, form) = (frame.Screen(parsed), parsed.GetValue(output));
                var release = await frame.Cluster(parsed).ReleaseAsync(parsed.GetValue(name)!, cancel);
                if (form.IsDocument())
                {
                    screen.Print(Document(release), form);
                    return Exit.Reached;
                }

                screen.Write(Lines(release, form == Form.Wide, screen));
                return Exit.Reached;
            },
            name,
            output
        );
    }

    /// <summary>The table for people.</summary>
    public static IEnumerable<Line> Lines(ReleaseObject release, bool isWide, Screen screen)
    {
        var now = screen.Time.GetUtcNow();
        string[] header = ["REVISION", "VERSION", "RESULT", "UPDATED", "FAILED", "ENDED", "TOOK"];
        var rows = All(release).Select(entry => Row(entry, now, isWide)).ToList();
        return rows.Count == 0
            ? [new Line($"{release.Meta.Name} has no revision yet")]
            : Table.Lines(
                [isWide ? [.. header, "ETAG", "APPROVED BY", "ACTS"] : header, .. rows],
                isWide ? null : screen.Width
            );
    }

    private static string[] Row((HistoryEntry Entry, bool IsUnderWay) each, DateTimeOffset now, bool isWide)
    {
        var (entry, isUnderWay) = each;
        string[] row =
        [
            $"r{entry.Revision}",
            entry.Version ?? "",
            isUnderWay ? "under way" : entry.Result.ToString(),
            $"{entry.Updated}",
            $"{entry.Failed}",
            entry.FinishedAt is { } end ? Words.Clock(end, now) : "",
            entry is { StartedAt: { } from, FinishedAt: { } to } ? Words.Length(to - from) : "",
        ];
        return isWide ? [.. row, entry.Etag ?? "", entry.ApprovedBy ?? "", string.Join("; ", entry.Acts)] : row;
    }

    /// <summary>The past revisions, and the one under way before them.</summary>
    private static IEnumerable<(HistoryEntry Entry, bool IsUnderWay)> All(ReleaseObject release)
    {
        var status = release.Status ?? new EdgeReleaseStatus();
        var isUnderWay = status.Revision > 0 && status.History.All(entry => entry.Revision != status.Revision);
        var current = new HistoryEntry
        {
            Revision = status.Revision,
            Version = status.Version?.Name ?? "remove",
            Etag = status.Version?.Etag,
            Updated = status.Devices?.Updated ?? 0,
            Failed = status.Devices?.Failed ?? 0,
            StartedAt = status.StartedAt,
            Acts = status.Acts,
        };
        return
        [
            .. isUnderWay ? [(current, true)] : Array.Empty<(HistoryEntry, bool)>(),
            .. status.History.Select(Past),
        ];
    }

    private static (HistoryEntry Entry, bool IsUnderWay) Past(HistoryEntry entry) => (entry, false);

    private static JsonObject Document(ReleaseObject release) =>
        Output.Document(
            ("name", release.Meta.Name),
            ("revisions", new JsonArray([.. All(release).Select(each => Document(each.Entry, each.IsUnderWay))]))
        );

    private static JsonObject Document(HistoryEntry entry, bool isUnderWay) =>
        Output.Document(
            ("revision", entry.Revision),
            ("version", entry.Version),
            ("etag", entry.Etag),
            ("result", isUnderWay ? null : entry.Result.ToString()),
            ("updated", entry.Updated),
            ("failed", entry.Failed),
            ("startedAt", entry.StartedAt.Text()),
            ("finishedAt", entry.FinishedAt.Text()),
            ("approvedBy", entry.ApprovedBy),
            ("acts", new JsonArray([.. entry.Acts.Select(act => JsonValue.Create(act))]))
        );
}

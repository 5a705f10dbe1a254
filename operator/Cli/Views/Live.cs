using EdgeRelease.Planning;

namespace EdgeRelease.Cli;

/// <summary>A release shown until the user leaves or it is gone: drawn anew in a terminal, at most five times a second; a line
/// a change elsewhere.</summary>
internal sealed class Live(Screen screen, Cluster cluster, string name)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LedgerAge = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private IReadOnlyList<LedgerRow> _rows = [];
    private long _rowsAt;
    private string? _rowsOf;
    private int _drawn;
    private string _last = "";

    /// <summary>Shows it.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancel)
    {
        await using var feed = await Feed.OpenAsync(screen.Time, cluster, name, cancel);
        while (true)
        {
            await DrawAsync(feed, cancel);
            if (feed.IsGone)
            {
                screen.Write($"{name} is gone");
                return Exit.Reached;
            }

            await Task.Delay(Shortest, screen.Time, cancel);
            await feed.ChangedAsync(Longest - Shortest, cancel);
        }
    }

    private async Task DrawAsync(Feed feed, CancellationToken cancel)
    {
        if (!screen.IsTerminal)
        {
            Tell(feed);
            return;
        }

        await ReadRowsAsync(feed, cancel);
        var now = screen.Time.GetUtcNow();
        var lines = TreeView.Of(new Sight(feed.Latest, _rows), now, screen.Width).ToList();
        if (feed.Trouble is { } trouble)
        {
            var text = $"shown as of {Words.Clock(feed.HeardAt, now)}: {trouble}";
            lines.Add(new Line(""));
            lines.AddRange(Words.Wrapped(text, screen.Width).Select(line => new Line(line, Tone.Bad)));
        }

        if (lines.Count >= screen.Height)
        {
            var hidden = lines.Count - screen.Height + 2;
            lines = [.. lines.Take(screen.Height - 2), new Line($"... {hidden} more lines: make the window higher")];
        }

        var back = _drawn == 0 ? "" : $"\e[{_drawn}A\e[J";
        await screen.Out.WriteAsync(back);
        screen.Write(lines);
        _drawn = lines.Count;
    }

    /// <summary>The ledger names who is on the way; it is read only while somebody is.</summary>
    private async Task ReadRowsAsync(Feed feed, CancellationToken cancel)
    {
        var version = feed.Latest.Meta.ResourceVersion;
        var isOld = _rowsAt == 0 || screen.Time.GetElapsedTime(_rowsAt) > LedgerAge;
        if (feed.Trouble is not null || version == _rowsOf || !isOld)
        {
            return;
        }

        try
        {
            _rows = await cluster.RowsAsync(feed.Latest, cancel);
            (_rowsOf, _rowsAt) = (version, screen.Time.GetTimestamp());
        }
        catch (KubectlException)
        {
            // The feed finds out by itself and says so.
        }
    }

    private void Tell(Feed feed)
    {
        var status = new Sight(feed.Latest, []).Status;
        var text = feed.Trouble ?? $"{status.Phase} {status.Progress}: {status.Message}";
        if (text != _last)
        {
            _last = text;
            screen.Write($"{Words.Clock(screen.Time.GetUtcNow(), screen.Time.GetUtcNow())} {name} {text}");
        }
    }
}

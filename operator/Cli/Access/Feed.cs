using EdgeRelease.Controller;

namespace EdgeRelease.Cli;

/// <summary>A release as the watch brings it. A lost connection is named and made again until the feed is closed. A watch that
/// is silent proves nothing: then the release is read, too, so that a connection which hangs is noticed.</summary>
internal sealed class Feed : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(10);

    /// <summary>Ctrl-C ends kubectl too: what it says then is no loss.</summary>
    private static readonly TimeSpan Courtesy = TimeSpan.FromMilliseconds(200);

    private readonly TimeProvider _time;
    private readonly Cluster _cluster;
    private readonly string _name;
    private readonly CancellationTokenSource _stop;
    private readonly SemaphoreSlim _changed = new(0);
    private Task _reading = Task.CompletedTask;

    private Feed(TimeProvider time, Cluster cluster, ReleaseObject first, CancellationToken cancel)
    {
        (_time, _cluster, _name) = (time, cluster, first.Meta.Name);
        Latest = first;
        HeardAt = time.GetUtcNow();
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    }

    /// <summary>The release as last seen.</summary>
    public ReleaseObject Latest { get; private set; }

    /// <summary>When it was last heard of.</summary>
    public DateTimeOffset HeardAt { get; private set; }

    /// <summary>Why nothing is heard now; null while the connection stands.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Whether the release was deleted, or one of another uid has its name.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Begins to watch a release.</summary>
    /// <exception cref="CliException">There is no such release.</exception>
    /// <exception cref="KubectlException">The cluster cannot be read.</exception>
    public static async Task<Feed> OpenAsync(TimeProvider time, Cluster cluster, string name, CancellationToken cancel)
    {
        var feed = new Feed(time, cluster, await cluster.ReleaseAsync(name, cancel), cancel);
        feed._reading = Task.Run(() => feed.ReadAsync(feed._stop.Token), CancellationToken.None);
        return feed;
    }

    /// <summary>Waits for news.</summary>
    /// <param name="most">For how long at most.</param>
    /// <param name="cancel">Ends the wait.</param>
    public async Task ChangedAsync(TimeSpan most, CancellationToken cancel)
    {
        await _changed.WaitAsync(most, cancel);
        while (_changed.Wait(0, CancellationToken.None))
        {
            // One look serves all news so far.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
        _changed.Dispose();
    }

    private async Task ReadAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested && !IsGone)
        {
            using var watch = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            try
            {
                var doubting = DoubtAsync(watch, cancel);
                var why = await FollowAsync(watch.Token);
                await watch.CancelAsync();
                await doubting;
                if (why is not null)
                {
                    await Task.Delay(Courtesy, _time, cancel);
                    Lose(why);
                }

                await Task.Delay(Pause, _time, cancel);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
        }
    }

    /// <summary>Takes what the watch brings.</summary>
    /// <returns>Why it ended; null when it was ended.</returns>
    private async Task<string?> FollowAsync(CancellationToken cancel)
    {
        try
        {
            await foreach (var change in _cluster.Reads.FollowAsync(Kinds.Release, _name, cancel))
            {
                var (type, there) = (change.GetProperty("type").GetString(), change.GetProperty("object"));
                if (type == "ERROR")
                {
                    Lose(there.TryGetProperty("message", out var message) ? $"{message}" : "the watch ended");
                    continue;
                }

                Take(Cluster.Read(there), type);
            }
        }
        catch (KubectlException e) when (e.Fault == KubectlFault.NotFound)
        {
            IsGone = true;
            _changed.Release();
        }
        catch (Exception e) when (e is KubectlException or CliException or System.Text.Json.JsonException)
        {
            return e.Message;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The watch hung, or nobody looks any more.
        }

        return null;
    }

    /// <summary>Reads the release whenever the watch has been silent for a while, and ends a watch that has missed something.
    /// </summary>
    private async Task DoubtAsync(CancellationTokenSource watch, CancellationToken cancel)
    {
        try
        {
            while (true)
            {
                var heard = HeardAt;
                await Task.Delay(Silence, _time, watch.Token);
                if (heard == HeardAt && !await IsCurrentAsync(watch.Token))
                {
                    await watch.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (watch.IsCancellationRequested || cancel.IsCancellationRequested)
        {
            // The watch has ended.
        }
    }

    private async Task<bool> IsCurrentAsync(CancellationToken cancel)
    {
        var version = Latest.Meta.ResourceVersion;
        try
        {
            var there = await _cluster.ReleaseAsync(_name, cancel);
            HeardAt = _time.GetUtcNow();
            return there.Meta.ResourceVersion == version || Latest.Meta.ResourceVersion != version;
        }
        catch (Exception e) when (e is KubectlException or CliException)
        {
            Lose(e.Message);
            return false;
        }
    }

    private void Lose(string why)
    {
        Trouble = $"lost the connection, trying again: {why}";
        _changed.Release();
    }

    private void Take(ReleaseObject release, string? type)
    {
        IsGone = type == "DELETED" || release.Uid != Latest.Uid;
        Latest = release;
        HeardAt = _time.GetUtcNow();
        Trouble = null;
        _changed.Release();
    }
}

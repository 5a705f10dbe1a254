using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>The client's end of a watch: what has arrived and is not yet read.</summary>
internal sealed class WatchInbox
{
    private readonly Queue<WatchEvent> _events = new();
    private TaskCompletionSource? _reader;
    private ClusterException? _error;
    private bool _isOver;

    /// <summary>An event has arrived.</summary>
    /// <param name="happened">The event.</param>
    public void Add(WatchEvent happened)
    {
        _events.Enqueue(happened);
        Wake();
    }

    /// <summary>The stream has ended; what arrived before can still be read.</summary>
    /// <param name="error">Why; null for an end in good order.</param>
    public void End(ClusterException? error)
    {
        _isOver = true;
        _error = error;
        Wake();
    }

    /// <summary>The next event; null when the stream has ended in good order.</summary>
    /// <param name="cancel">The reader no longer waits.</param>
    public async Task<WatchEvent?> NextAsync(CancellationToken cancel)
    {
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (_events.TryDequeue(out var happened))
            {
                return happened;
            }

            if (_isOver)
            {
                return _error is null ? null : throw _error;
            }

            _reader = new TaskCompletionSource();
            using var registration = cancel.UnsafeRegister(static inbox => ((WatchInbox)inbox!).Wake(), this);
            await _reader.Task;
        }
    }

    private void Wake() => _reader?.TrySetResult();
}

namespace EdgeRelease.Simulation;

/// <summary>The states of one thing and from when each can be read: the truth, and what a late reader sees.</summary>
internal sealed class History<T>
    where T : class
{
    private Node newest;

    /// <summary>Starts with a state that can be read from a time on.</summary>
    public History(T first, DateTimeOffset visibleAt) => newest = new Node(first, visibleAt, null) { IsFirst = true };

    /// <summary>The truth.</summary>
    public T Latest => newest.State;

    /// <summary>Puts a new state on top. It never becomes readable before an older one.</summary>
    public void Set(T state, DateTimeOffset visibleAt, DateTimeOffset forgetBefore)
    {
        var notBefore = visibleAt > newest.VisibleAt ? visibleAt : newest.VisibleAt;
        newest = new Node(state, notBefore, newest);
        for (var node = newest; node is not null; node = node.Before)
        {
            if (node.VisibleAt <= forgetBefore)
            {
                node.Before = null;
            }
        }
    }

    /// <summary>What a reader of that time sees, the oldest state that is kept when it lies before that; null when the
    /// thing is not to be seen yet.</summary>
    public T? SeenAt(DateTimeOffset at)
    {
        var node = newest;
        while (node.VisibleAt > at && node.Before is { } before)
        {
            node = before;
        }

        return node.VisibleAt <= at || !node.IsFirst ? node.State : null;
    }

    private sealed class Node(T state, DateTimeOffset visibleAt, Node? before)
    {
        public T State { get; } = state;

        public DateTimeOffset VisibleAt { get; } = visibleAt;

        public Node? Before { get; set; } = before;

        /// <summary>Whether there never was an older one.</summary>
        public bool IsFirst { get; init; }
    }
}

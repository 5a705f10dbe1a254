namespace EdgeRelease.Kubernetes;

/// <summary>Splits a stream into lines of at most 16 MiB.</summary>
internal sealed class LineReader(Stream stream)
{
    private byte[] buffer = new byte[16 * 1024];
    private int begin;
    private int end;

    /// <summary>The next line without its end, valid until the next call; null at the end of the stream, where a
    /// line without an end is dropped, and when a line is too long.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancel)
    {
        var searched = begin;
        while (true)
        {
            var at = buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = buffer.AsMemory(begin, searched + at - begin);
                begin = searched + at + 1;
                return line;
            }
            searched = MakeRoom();
            if (end > BoundedBody.Limit)
            {
                return null;
            }
            var read = await stream.ReadAsync(buffer.AsMemory(end), cancel);
            if (read == 0)
            {
                return null;
            }
            end += read;
        }
    }

    /// <summary>Moves the begun line to the front, in a larger buffer when it fills this one.</summary>
    private int MakeRoom()
    {
        var length = end - begin;
        var target = length == buffer.Length ? new byte[buffer.Length * 2] : buffer;
        Buffer.BlockCopy(buffer, begin, target, 0, length);
        (buffer, begin, end) = (target, 0, length);
        return length;
    }
}

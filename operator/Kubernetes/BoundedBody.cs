namespace EdgeRelease.Kubernetes;

/// <summary>Reads an answer into memory, up to a limit.</summary>
internal static class BoundedBody
{
    /// <summary>The largest answer, and the longest line of a watch.</summary>
    public const int Limit = 16 * 1024 * 1024;

    /// <summary>The whole stream; null when it is longer than <see cref="Limit"/>.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, CancellationToken cancel)
    {
        var buffer = new byte[16 * 1024];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancel);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }
            length += read;
            if (length > Limit)
            {
                return null;
            }
            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }
}

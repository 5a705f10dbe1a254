using System.Buffers;
using System.Net;

namespace EdgeRelease.Losant;

/// <summary>A body that was read to its end into a pooled buffer, which goes back when the answer is disposed.
/// </summary>
internal sealed class BufferedBody : HttpContent
{
    private const int FirstBytes = 64 * 1024;
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
    private int length;

    private BufferedBody() { }

    /// <summary>The bytes, decompressed. Not valid after disposal.</summary>
    public ReadOnlyMemory<byte> Bytes => buffer.AsMemory(0, length);

    /// <summary>Reads a body to its end.</summary>
    /// <param name="content">The body.</param>
    /// <param name="mostBytes">The most bytes that are read, counted after decompression.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="UnreadableException">It is larger.</exception>
    public static async Task<BufferedBody> ReadAsync(HttpContent content, int mostBytes, CancellationToken cancel)
    {
        var body = new BufferedBody();
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancel);
            int read;
            while ((read = await stream.ReadAsync(body.FreeSpace(mostBytes), cancel)) > 0)
            {
                body.length += read;
                if (body.length > mostBytes)
                {
                    throw new UnreadableException($"the answer is larger than {mostBytes} bytes");
                }
            }

            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        stream.WriteAsync(Bytes).AsTask();

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = this.length;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            (buffer, length) = ([], 0);
        }

        base.Dispose(disposing);
    }

    private Memory<byte> FreeSpace(int mostBytes)
    {
        if (length == buffer.Length)
        {
            // One byte more than allowed is enough to see that a body is too large.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 2, mostBytes + 1));
            buffer.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }

        return buffer.AsMemory(length);
    }
}

/// <summary>An answer cannot be understood; the message is the cause, from this program's words alone.</summary>
internal sealed class UnreadableException(string cause) : Exception(cause);

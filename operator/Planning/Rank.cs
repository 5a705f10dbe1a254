using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>The hash order of devices within one flow and version: a larger share contains the smaller one, and a
/// joiner changes nobody else's place (F020, F021).</summary>
public sealed class Rank
{
    private readonly byte[] _seed;

    /// <summary>The order for one flow and version.</summary>
    /// <param name="flowId">The flow, 24 hex digits.</param>
    /// <param name="version">The version's name, or <c>remove</c>.</param>
    public Rank(string flowId, string version)
    {
        var text = Encoding.UTF8.GetBytes($"{flowId}\n{version}\n");
        _seed = [.. text, .. new byte[16]];
    }

    /// <summary>A device's place; smaller comes first.</summary>
    /// <param name="device">The device.</param>
    public UInt128 Of(DeviceId device)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteUInt128BigEndian(_seed.AsSpan(_seed.Length - 16), device.Value);
        SHA256.HashData(_seed, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeRelease.Host;

/// <summary>The certificate by which metrics are served over HTTPS: <c>tls.crt</c> and <c>tls.key</c> of a folder, read
/// again when they change; without a folder one that the process makes for itself.</summary>
internal sealed class ServingCertificate : IDisposable
{
    /// <summary>How long that of the process's own is valid.</summary>
    private const int Years = 10;

    private readonly Lock _gate = new();
    private readonly string? _folder;
    private readonly List<X509Certificate2> _all = [];
    private DateTime _changed;

    /// <summary>Reads or makes it.</summary>
    /// <param name="folder">The folder; null for none.</param>
    /// <exception cref="IOException">A file is missing.</exception>
    /// <exception cref="CryptographicException">They are no certificate with its key.</exception>
    public ServingCertificate(string? folder)
    {
        _folder = folder;
        Take(folder is null ? SelfSigned() : Read(folder));
    }

    /// <summary>The newest that can be read.</summary>
    public X509Certificate2 Current
    {
        get
        {
            lock (_gate)
            {
                if (_folder is not null)
                {
                    Renew(_folder);
                }

                return _all[^1];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _all.ForEach(each => each.Dispose());

    /// <summary>Files are replaced one after the other: what does not fit together is read again at the next call.</summary>
    private void Renew(string folder)
    {
        try
        {
            if (ChangedAt(folder) != _changed)
            {
                Take(Read(folder));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            _changed = default;
        }
    }

    /// <summary>Connections may still use the one before.</summary>
    private void Take(X509Certificate2 certificate)
    {
        _all.Add(certificate);
        while (_all.Count > 2)
        {
            _all[0].Dispose();
            _all.RemoveAt(0);
        }
    }

    private X509Certificate2 Read(string folder)
    {
        _changed = ChangedAt(folder);
        return X509Certificate2.CreateFromPemFile(Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));
    }

    /// <summary>The kubelet's files are links, which stay as they are when what they lead to is replaced.</summary>
    private static DateTime ChangedAt(string folder)
    {
        var file = new FileInfo(Path.Combine(folder, "tls.crt"));
        return (file.ResolveLinkTarget(returnFinalTarget: true) ?? file).LastWriteTimeUtc;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=edgerelease-metrics", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddYears(Years));
    }
}

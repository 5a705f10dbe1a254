using System.Security.Cryptography.X509Certificates;

namespace EdgeRelease.Kubernetes;

/// <summary>Who we are to the API server.</summary>
/// <param name="Token">The bearer token; null for none.</param>
/// <param name="Certificate">The client certificate with its key; null for none.</param>
internal sealed record Credential(string? Token, X509Certificate2? Certificate)
{
    /// <summary>Without the token, so that no log can have it.</summary>
    public override string ToString() => nameof(Credential);
}

/// <summary>Yields the credential to use now.</summary>
internal abstract class CredentialSource
{
    /// <summary>The credential, perhaps a kept one.</summary>
    public abstract ValueTask<Credential> CurrentAsync(CancellationToken cancel);

    /// <summary>A credential after the server rejected one (401); the same when there is no other.</summary>
    public virtual ValueTask<Credential> RenewedAsync(Credential rejected, CancellationToken cancel) => new(rejected);
}

/// <summary>One credential for ever.</summary>
internal sealed class FixedCredential(Credential credential) : CredentialSource
{
    public override ValueTask<Credential> CurrentAsync(CancellationToken cancel) => new(credential);
}

/// <summary>A token in a file that somebody rotates. It is read again after 10 s and after a 401.</summary>
internal sealed class TokenFile(string path, TimeProvider time) : CredentialSource
{
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(10);

    private sealed record Reading(Credential Credential, long At);

    private volatile Reading? last;

    public override async ValueTask<Credential> CurrentAsync(CancellationToken cancel) =>
        last is { } kept && time.GetElapsedTime(kept.At) < Kept ? kept.Credential : await ReadAsync(cancel);

    public override async ValueTask<Credential> RenewedAsync(Credential rejected, CancellationToken cancel) =>
        await ReadAsync(cancel);

    private async Task<Credential> ReadAsync(CancellationToken cancel)
    {
        var at = time.GetTimestamp();
        try
        {
            var credential = new Credential((await File.ReadAllTextAsync(path, cancel)).Trim(), null);
            last = new Reading(credential, at);
            return credential;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ClusterException(0, $"cannot read token file {path}: {e.GetType().Name}", e);
        }
    }
}

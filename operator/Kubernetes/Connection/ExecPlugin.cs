using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace EdgeRelease.Kubernetes;

/// <summary>What a kubeconfig says about its exec plugin. The command of a relative path begins at the file's directory.</summary>
internal sealed record ExecCommand(string ApiVersion, string Command, IReadOnlyList<string> Arguments)
{
    public required IReadOnlyList<KeyValuePair<string, string>> Environment { get; init; }

    public static ExecCommand From(KubeconfigEntry exec)
    {
        var command = exec.Text("command") ?? throw new KeyNotFoundException("exec has no command");
        var isPath = command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal);
        var variables =
            from item in exec.Items("env").OfType<YamlMappingNode>()
            let entry = new KubeconfigEntry(item, exec.Directory)
            where entry.Text("name") is not null
            select KeyValuePair.Create(entry.Text("name")!, entry.Text("value") ?? "");
        return new ExecCommand(
            exec.Text("apiVersion") ?? "client.authentication.k8s.io/v1",
            isPath ? exec.Resolved(command) : command,
            [.. exec.Items("args").OfType<YamlScalarNode>().Select(node => node.Value ?? "")]
        )
        {
            Environment = [.. variables],
        };
    }
}

/// <summary>Asks a program for the credential (client.authentication.k8s.io) and keeps it until it expires or is
/// rejected. The program's error output goes to ours, as with kubectl.</summary>
internal sealed class ExecPlugin(ExecCommand command, TimeProvider time) : CredentialSource
{
    /// <summary>Long enough for a login in a browser.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private sealed record Issued(Credential Credential, DateTimeOffset? ExpiresAt);

    private readonly Lock gate = new();
    private Task<Issued>? last;

    public override ValueTask<Credential> CurrentAsync(CancellationToken cancel) => IssuedAsync(null, cancel);

    public override ValueTask<Credential> RenewedAsync(Credential rejected, CancellationToken cancel) =>
        IssuedAsync(rejected, cancel);

    /// <summary>Callers that come together share one run of the program; one that leaves does not end it.</summary>
    private async ValueTask<Credential> IssuedAsync(Credential? rejected, CancellationToken cancel)
    {
        Task<Issued> asked;
        lock (gate)
        {
            asked = last = last is not null && IsUsable(last, rejected) ? last : AskAsync();
        }
        return (await asked.WaitAsync(cancel)).Credential;
    }

    private bool IsUsable(Task<Issued> issued, Credential? rejected) =>
        !issued.IsCompleted
        || (
            issued.IsCompletedSuccessfully
            && !ReferenceEquals(issued.Result.Credential, rejected)
            && !(issued.Result.ExpiresAt <= time.GetUtcNow())
        );

    private async Task<Issued> AskAsync()
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            return Read(await OutputAsync(patience.Token));
        }
        catch (Exception e)
            when (e
                    is Win32Exception
                        or JsonException
                        or FormatException
                        or InvalidOperationException
                        or CryptographicException
                        or IOException
                        or OperationCanceledException
            )
        {
            throw Failure(e.GetType().Name, e);
        }
    }

    private async Task<string> OutputAsync(CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command.Command, command.Arguments)
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }
        start.Environment["KUBERNETES_EXEC_INFO"] =
            $$$"""{"apiVersion":"{{{command.ApiVersion}}}","kind":"ExecCredential","spec":{"interactive":{{{(Console.IsInputRedirected ? "false" : "true")}}}}}""";
        using var process = Process.Start(start) ?? throw new Win32Exception();
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? output : throw Failure($"exit code {process.ExitCode}", null);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Issued Read(string output)
    {
        var root = JsonElement.Parse(output);
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("status", out var status)
            || status.ValueKind != JsonValueKind.Object
            || ResourceJson.Text(root, "apiVersion") != command.ApiVersion
        )
        {
            throw Failure($"no ExecCredential of {command.ApiVersion}", null);
        }
        var certificate = ResourceJson.Text(status, "clientCertificateData");
        var key = ResourceJson.Text(status, "clientKeyData");
        var credential = new Credential(
            ResourceJson.Text(status, "token"),
            certificate is not null && key is not null ? X509Certificate2.CreateFromPem(certificate, key) : null
        );
        var expires = status.TryGetProperty("expirationTimestamp", out var at)
            ? at.GetDateTimeOffset()
            : (DateTimeOffset?)null;
        return new Issued(credential, expires);
    }

    private ClusterException Failure(string cause, Exception? inner) =>
        new(0, $"cannot get credentials from {command.Command}: {cause}", inner);
}

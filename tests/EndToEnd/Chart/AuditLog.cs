using System.Text.Json;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>What an API server wrote down about the calls of one user.</summary>
internal sealed class AuditLog : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public AuditLog()
    {
        File.WriteAllText(
            Path.Combine(folder.Path, "policy.yaml"),
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules: [{level: Metadata, userGroups: ["system:serviceaccounts"]}]
            """
        );
    }

    /// <summary>Arguments of kube-apiserver, separated by blanks.</summary>
    public string Arguments =>
        $"--audit-policy-file={folder.Path}/policy.yaml --audit-log-path={Log} --audit-log-format=json";

    private string Log => Path.Combine(folder.Path, "audit.log");

    /// <summary>The calls of a service account so far; the log is written as each is answered.</summary>
    public async Task<IReadOnlyList<JsonElement>> CallsAsync(string account)
    {
        await using var file = new FileStream(Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var lines = (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return
        [
            .. lines
                .Select(line => JsonElement.Parse(line))
                .Where(entry => entry.GetProperty("user").GetProperty("username").GetString() == account),
        ];
    }

    /// <summary>Whether the call was let through.</summary>
    public static bool IsAllowed(JsonElement entry) =>
        entry.GetProperty("annotations").GetProperty("authorization.k8s.io/decision").GetString() == "allow";

    /// <summary>The namespace of the call; empty for one over all of them.</summary>
    public static string Namespace(JsonElement entry) =>
        entry.GetProperty("objectRef").TryGetProperty("namespace", out var ns) ? ns.GetString()! : "";

    public void Dispose() => folder.Dispose();
}

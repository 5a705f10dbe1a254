namespace EdgeRelease.Cli;

/// <summary>Why kubectl failed.</summary>
internal enum KubectlFault
{
    /// <summary>It is not there.</summary>
    Missing,

    /// <summary>The object is not there.</summary>
    NotFound,

    /// <summary>The cluster does not know EdgeRelease's kinds.</summary>
    NotInstalled,

    /// <summary>The user may not.</summary>
    Forbidden,

    /// <summary>There is no answer from the cluster.</summary>
    Unreachable,

    /// <summary>Something else.</summary>
    Other,
}

/// <summary>kubectl failed. The message is one line that says what to do.</summary>
internal sealed class KubectlException(KubectlFault fault, string message) : Exception(message)
{
    private static readonly string[] Silences =
    [
        "unable to connect",
        "was refused",
        "dial tcp",
        "i/o timeout",
        "no such host",
        "deadline exceeded",
        "timed out",
        "connection lost",
        "network is unreachable",
        "current-context",
        "no configuration",
        "does not exist",
        "no such file",
        "unexpected eof",
        "tls:",
        "etcdserver",
    ];

    public KubectlFault Fault => fault;

    /// <summary>The error in kubectl's own words, and what to do about it.</summary>
    /// <param name="words">What it wrote to its standard error.</param>
    public static KubectlException Of(string words)
    {
        // Warnings and retries come first, the cause last.
        var lines = words.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var said = Plain(lines.Length == 0 ? "it failed without a word" : lines[^1]);
        if (said == "EOF")
        {
            return new(
                KubectlFault.Forbidden,
                "kubectl asks for a user and a password: set up a login, so that kubectl get namespaces works without a question"
            );
        }

        return Class(said) switch
        {
            KubectlFault.NotInstalled => new(
                KubectlFault.NotInstalled,
                "EdgeRelease is not installed in this cluster: apply its crds/ first, or choose another --context"
            ),
            KubectlFault.Forbidden => new(KubectlFault.Forbidden, $"{said}: ask who runs the cluster for that right"),
            KubectlFault.Unreachable => new(
                KubectlFault.Unreachable,
                $"cannot reach the cluster: {said}; check --context, --kubeconfig and that kubectl get namespaces works"
            ),
            var other => new(other, said),
        };
    }

    private static KubectlFault Class(string said)
    {
        bool Has(string part) => said.Contains(part, StringComparison.OrdinalIgnoreCase);
        return Has("doesn't have a resource type") || Has("could not find the requested resource")
                ? KubectlFault.NotInstalled
            : Has("(Forbidden)") || Has("is forbidden") || Has("Unauthorized") || Has("must be logged in")
                ? KubectlFault.Forbidden
            : Has("(NotFound)") || (Has("not found") && !Has("executable")) ? KubectlFault.NotFound
            : Array.Exists(Silences, Has) ? KubectlFault.Unreachable
            : KubectlFault.Other;
    }

    private static string Plain(string line)
    {
        var text = line.StartsWith("error: ", StringComparison.Ordinal) ? line["error: ".Length..] : line;
        return text.Length > 300 ? text[..300] + "..." : text;
    }
}

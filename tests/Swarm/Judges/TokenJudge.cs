using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;

namespace EdgeRelease.Tests.Swarm;

/// <summary>I16 and I17: a token goes to its own application alone, and stands in nothing that was sent to Losant or
/// written to the API server. All tokens begin alike.</summary>
internal sealed class TokenJudge(World world)
{
    /// <summary>How each token begins, as it is and as base64.</summary>
    private static readonly string[] Beginnings = ["token-", "dG9rZW4t"];

    public void Judge()
    {
        var owners = new Dictionary<string, string>();
        foreach (var request in world.Losant.Record.Entries.OfType<RequestRecord>())
        {
            Violation.If(
                Has(request.Path) || Has(request.Query) || Has(request.Body),
                "I17",
                $"a token in {request.Method} {request.Path}?{request.Query} {request.Body}"
            );
            var application = string.Join('/', request.Path.Split('/').Take(3));
            if (request.TokenId is { } token && !owners.TryAdd(token, application))
            {
                Violation.If(owners[token] != application, "I16", $"a token of {owners[token]} at {application}");
            }
        }

        foreach (var write in world.Cluster.Record.Where(write => write.Kind != ResourceKind.Secret))
        {
            Violation.If(
                Has(write.After.GetRawText()),
                "I17",
                $"a token in {write.Kind.Kind} {write.Key}: {write.After.GetRawText()}"
            );
        }
    }

    private static bool Has(string? text) =>
        text is not null
        && Array.Exists(Beginnings, beginning => text.Contains(beginning, StringComparison.OrdinalIgnoreCase));
}

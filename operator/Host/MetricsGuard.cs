using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Host;

/// <summary>Lets in to the metrics whoever the API server knows and allows <c>get</c> on <c>/metrics</c>.</summary>
/// <param name="ask">Has the API server answer a review.</param>
/// <param name="log">Where it says that the API server did not.</param>
internal sealed class MetricsGuard(
    Func<ResourceKind, JsonElement, CancellationToken, Task<JsonElement>> ask,
    ILogger log
) : IDisposable
{
    /// <summary>Reviews at the same time; who sends nonsense waits, and does not load the API server.</summary>
    private const int MostReviews = 4;

    private const string Scheme = "Bearer ";

    private static readonly ResourceKind TokenReview = new(
        "authentication.k8s.io",
        "v1",
        "tokenreviews",
        "TokenReview"
    );

    private static readonly ResourceKind AccessReview = new(
        "authorization.k8s.io",
        "v1",
        "subjectaccessreviews",
        "SubjectAccessReview"
    );

    private readonly SemaphoreSlim _turns = new(MostReviews);

    /// <summary>The HTTP status for a request: 200, 401 without a good token, 403 without the right, 503 when the API
    /// server does not answer.</summary>
    /// <param name="authorization">The header of that name; null for none.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<int> StatusAsync(string? authorization, CancellationToken cancel)
    {
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) is not true)
        {
            return StatusCodes.Status401Unauthorized;
        }

        await _turns.WaitAsync(cancel);
        try
        {
            var token = authorization[Scheme.Length..].Trim();
            return await WhoAsync(token, cancel) is not { } user ? StatusCodes.Status401Unauthorized
                : await MayReadAsync(user, cancel) ? StatusCodes.Status200OK
                : StatusCodes.Status403Forbidden;
        }
        catch (ClusterException e)
        {
            HostLines.Unreviewed(log, e.Message);
            return StatusCodes.Status503ServiceUnavailable;
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    /// <summary>The user of a token; null when it has none.</summary>
    private async Task<JsonElement?> WhoAsync(string token, CancellationToken cancel)
    {
        if (token.Length == 0)
        {
            return null;
        }

        var answer = await ask(TokenReview, Review(TokenReview, new JsonObject { ["token"] = token }), cancel);
        return IsTrue(answer, "authenticated") && answer.GetProperty("status").TryGetProperty("user", out var user)
            ? user
            : null;
    }

    private async Task<bool> MayReadAsync(JsonElement user, CancellationToken cancel)
    {
        var spec = new JsonObject
        {
            ["nonResourceAttributes"] = new JsonObject { ["path"] = "/metrics", ["verb"] = "get" },
        };
        foreach (
            var (from, to) in new[] { ("username", "user"), ("uid", "uid"), ("groups", "groups"), ("extra", "extra") }
        )
        {
            if (user.TryGetProperty(from, out var value))
            {
                spec[to] = JsonNode.Parse(value.GetRawText());
            }
        }

        return IsTrue(await ask(AccessReview, Review(AccessReview, spec), cancel), "allowed");
    }

    private static JsonElement Review(ResourceKind kind, JsonObject spec) =>
        ResourceJson.Element(
            new JsonObject
            {
                ["apiVersion"] = kind.ApiVersion,
                ["kind"] = kind.Kind,
                ["spec"] = spec,
            }
        );

    private static bool IsTrue(JsonElement review, string name) =>
        review.TryGetProperty("status", out var status)
        && status.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.True;
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Host;

/// <summary>Lets in to the metrics whoever the API server knows and allows <c>get</c> on <c>/metrics</c>.</summary>
/// <param name="ask">Has the API server answer a review.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says that the API server did not.</param>
internal sealed class MetricsGuard(
    Func<ResourceKind, JsonElement, CancellationToken, Task<JsonElement>> ask,
    TimeProvider time,
    ILogger log
) : IDisposable
{
    /// <summary>Reviews at the same time; who sends nonsense waits, and does not load the API server.</summary>
    public const int MostReviews = 4;

    /// <summary>Requests that are reviewed or wait for it; those beyond hear 503 at once.</summary>
    public const int MostRequests = 16;

    /// <summary>How long a token that was let in is let in again without a review, also while others send
    /// nonsense.</summary>
    public static readonly TimeSpan Known = TimeSpan.FromMinutes(1);

    /// <summary>How long it has a place among the requests, whoever else asks: longer than scrapes are apart.</summary>
    private static readonly TimeSpan Regular = TimeSpan.FromMinutes(10);

    private const int MostKnown = 64;

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
    private readonly ConcurrentDictionary<string, long> _known = new(StringComparer.Ordinal);
    private int _requests;

    /// <summary>The HTTP status for a request: 200, 401 without a good token, 403 without the right, 503 when the API
    /// server does not answer or too many ask.</summary>
    /// <param name="authorization">The header of that name; null for none.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<int> StatusAsync(string? authorization, CancellationToken cancel)
    {
        if (authorization?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) is not true)
        {
            return StatusCodes.Status401Unauthorized;
        }

        var token = authorization[Scheme.Length..].Trim();
        var name = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var isRegular = _known.TryGetValue(name, out var at);
        if (isRegular && time.GetElapsedTime(at) < Known)
        {
            return StatusCodes.Status200OK;
        }

        try
        {
            var isTooMany = Interlocked.Increment(ref _requests) > MostRequests && !isRegular;
            var status = isTooMany ? StatusCodes.Status503ServiceUnavailable : await ReviewedAsync(token, cancel);
            Remember(name, status);
            return status;
        }
        finally
        {
            Interlocked.Decrement(ref _requests);
        }
    }

    private async Task<int> ReviewedAsync(string token, CancellationToken cancel)
    {
        await _turns.WaitAsync(cancel);
        try
        {
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

    /// <summary>Keeps the hash of a token that was let in, of at most so many.</summary>
    private void Remember(string name, int status)
    {
        foreach (var (other, at) in _known)
        {
            if (time.GetElapsedTime(at) >= Regular)
            {
                _known.TryRemove(other, out _);
            }
        }

        if (status == StatusCodes.Status200OK && _known.Count < MostKnown)
        {
            _known[name] = time.GetTimestamp();
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

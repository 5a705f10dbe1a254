using System.Net.Http.Headers;

namespace EdgeRelease.Losant;

/// <summary>One question to Losant, with the words that its errors and metrics use.</summary>
internal sealed class Call
{
    /// <summary>Where a request keeps its call.</summary>
    public static readonly HttpRequestOptionsKey<Call> Key = new("edgerelease.call");

    /// <summary>What is attempted, as in <c>cannot {verb} {object}</c>, on one line.</summary>
    public required string Doing { get; init; }

    /// <summary>The path with names for ids.</summary>
    public required string Route { get; init; }

    /// <summary>Path and query below the API's base, escaped.</summary>
    public required string Target { get; init; }

    /// <summary>The JSON to POST; null for a GET.</summary>
    public byte[]? Body { get; init; }

    /// <summary>Whether the answer to a POST names a job, which is good to know and no more.</summary>
    public bool NamesJob { get; init; }

    /// <summary>Whether Losant may have received it. False until it is sent, and again when no connection was made.
    /// </summary>
    public bool MayHaveArrived { get; set; }

    /// <summary>Whether it changes nothing and may be repeated.</summary>
    public bool IsRead => Body is null;

    /// <summary>The request of this call.</summary>
    public HttpRequestMessage ToRequest(string apiBase, string token, string userAgent)
    {
        var request = new HttpRequestMessage(IsRead ? HttpMethod.Get : HttpMethod.Post, apiBase + Target);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        request.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        request.Content = new ByteArrayContent(Body ?? []);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Options.Set(Key, this);
        return request;
    }
}

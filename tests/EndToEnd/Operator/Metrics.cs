using System.Net.Http.Headers;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>Reads metrics as Prometheus does; the certificate of an operator's own is not verified.</summary>
internal static class Metrics
{
    private static readonly HttpClient Http = new(
        new HttpClientHandler
        {
#pragma warning disable MA0039 // Nobody can verify a certificate that the operator made for itself.
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
#pragma warning restore MA0039
        }
    );

    /// <summary>The HTTP status of <c>/metrics</c>.</summary>
    /// <param name="server">Where it is served.</param>
    /// <param name="token">A bearer token; null for none.</param>
    public static async Task<int> StatusAsync(string server, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(server + "/metrics"));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var answer = await Http.SendAsync(request);
        return (int)answer.StatusCode;
    }
}

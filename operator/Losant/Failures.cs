using System.Net;
using System.Text.Json;

namespace EdgeRelease.Losant;

/// <summary>The one place where answers and their absence become errors. No text of an answer gets into a message but
/// a type from Losant's closed list.</summary>
internal static class Failures
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    private static readonly string[] KnownTypes =
    [
        "Validation",
        "VersionNotAllowed",
        "InvalidContent",
        "Unauthorized",
        "Forbidden",
        "NotFound",
        "MethodNotAllowed",
        "RateLimit",
        "Error",
        "InternalServerError",
    ];

    /// <summary>The error that an answer other than 2xx is.</summary>
    public static LosantException FromAnswer(Call call, HttpResponseMessage answer)
    {
        var status = (int)answer.StatusCode;
        var (kind, reason) = Classify(status);
        var type = TypeOf(answer) is { } known ? $" {known}" : "";
        return new LosantException(kind, reason, $"cannot {call.Doing}: HTTP {status}{type}{Hint(call, status)}")
        {
            Status = status,
            RetryAfter = RetryAfterOf(answer),
        };
    }

    /// <summary>No answer: network, timeout.</summary>
    public static LosantException Unreachable(Call call, string cause) =>
        new(ErrorKind.Transient, LosantReason.Unreachable, $"cannot {call.Doing}: {cause}");

    /// <summary>Not asked: the breaker is open or the rate limit left no room.</summary>
    public static LosantException Held(Call call, string cause, TimeSpan? retryAfter) =>
        new(ErrorKind.Waiting, LosantReason.Throttled, $"cannot {call.Doing}: {cause}") { RetryAfter = retryAfter };

    /// <summary>An answer that cannot be understood.</summary>
    public static LosantException Unreadable(Call call, string cause) =>
        new(ErrorKind.Transient, LosantReason.Unreadable, $"cannot {call.Doing}: {cause}");

    /// <summary>How long an answer asks to wait, at most 60 s; null when it does not say, or no time at all.</summary>
    public static TimeSpan? RetryAfterOf(HttpResponseMessage answer)
    {
        var header = answer.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } until && answer.Headers.Date is { } now ? until - now : null);
        return wait is { Ticks: > 0 } asked ? (asked < LongestWait ? asked : LongestWait) : null;
    }

    private static (ErrorKind Kind, LosantReason Reason) Classify(int status) =>
        status switch
        {
            401 or 403 => (ErrorKind.Terminal, LosantReason.CredentialsRejected),
            404 => (ErrorKind.Terminal, LosantReason.NotFound),
            408 or >= 500 => (ErrorKind.Transient, LosantReason.Unreachable),
            429 => (ErrorKind.Waiting, LosantReason.Throttled),
            >= 200 and < 300 => (ErrorKind.Transient, LosantReason.Unreadable),
            _ => (ErrorKind.Terminal, LosantReason.RequestRefused),
        };

    private static string Hint(Call call, int status) =>
        status switch
        {
            404 when !call.IsRead => ": the application, the flow or the version, Losant does not say which",
            >= 300 and < 400 => ": redirects are not followed",
            >= 200 and < 300 => ": 201 was expected",
            _ => "",
        };

    private static string? TypeOf(HttpResponseMessage answer)
    {
        if (answer.Content is not BufferedBody body)
        {
            return null;
        }

        try
        {
            var json = new Utf8JsonReader(body.Bytes.Span, Json.Bounds);
            return json.Read() && json.TokenType == JsonTokenType.StartObject ? KnownTypeIn(ref json) : null;
        }
        catch (Exception failed) when (failed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? KnownTypeIn(ref Utf8JsonReader json)
    {
        while (json.NextMember())
        {
            var isType = json.ValueTextEquals("type"u8) || json.ValueTextEquals("code"u8);
            json.Read();
            if (isType && json.TokenType == JsonTokenType.String)
            {
                foreach (var type in KnownTypes)
                {
                    if (json.ValueTextEquals(type))
                    {
                        return type;
                    }
                }
            }

            json.Skip();
        }

        return null;
    }
}

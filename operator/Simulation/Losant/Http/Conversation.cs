using System.Text;
using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Takes requests through faults and checks to their actions, and writes the record. The order of checks is
/// that of Losant's framework: route, body syntax, shape (400), token (401), scope (403), existence (404).</summary>
internal sealed class Conversation(SimulatedLosant losant)
{
    private static readonly (FaultKind Kind, Transport Transport)[] Unreached =
    [
        (FaultKind.ConnectionRefused, Transport.Refused),
        (FaultKind.ResetBefore, Transport.Reset),
        (FaultKind.TimeoutBefore, Transport.Silent),
    ];

    private static readonly (FaultKind Kind, Transport Transport)[] Unanswered =
    [
        (FaultKind.ResetAfter, Transport.Reset),
        (FaultKind.TimeoutAfter, Transport.Silent),
        (FaultKind.CutBody, Transport.Cut),
        (FaultKind.SlowBody, Transport.Slow),
    ];

    private readonly ResponseHeaders headers = new(losant);
    private readonly Throttle? throttle = losant.Options.RequestsPerSecond is { } rate ? new Throttle(rate) : null;

    public SimulatedResponse Handle(SimulatedRequest request)
    {
        var found = Routes.Find(request);
        var strike = losant.Faults.Draw(found?.Route, request, losant.Now);
        var arrival = new Arrival(request, found, strike, losant.Record.OpenRequest(), TokenText(request));
        SimulatedResponse? response = null;
        try
        {
            return response = Unreachable(strike) ?? Answered(arrival);
        }
        finally
        {
            losant.Record.CloseRequest(
                new RequestRecord(arrival.Seq, losant.Now)
                {
                    Method = request.Method,
                    Path = request.Path,
                    Query = request.Query,
                    Body = request.Body.IsEmpty ? null : Encoding.UTF8.GetString(request.Body.Span),
                    Status = response?.Status ?? 500,
                    TokenId = arrival.Token is { } token ? losant.FindToken(token)?.Id : null,
                    Fault = strike.Acted,
                    Sender = request.Sender,
                }
            );
        }
    }

    private static SimulatedResponse? Unreachable(Strike strike)
    {
        foreach (var (kind, transport) in Unreached)
        {
            if (strike.Takes(kind))
            {
                return new SimulatedResponse(0, ResponseHeaders.None, []) { Transport = transport };
            }
        }

        return null;
    }

    private SimulatedResponse Answered(Arrival arrival)
    {
        var strike = arrival.Strike;
        var answer =
            Throttled(strike, arrival.Token)
            ?? FaultyStatus(strike, FaultKind.Status408, FaultKind.Status504)
            ?? Acted(arrival);
        answer = FaultyStatus(strike, FaultKind.Status408AfterApply, FaultKind.Status504AfterApply) ?? answer;
        var body = answer.Status < 300 ? Distortion.Of(answer.Body, strike) : answer.Body;
        var response = new SimulatedResponse(answer.Status, headers.Of(answer), body);
        foreach (var (kind, transport) in Unanswered)
        {
            if (strike.Takes(kind))
            {
                var delay = kind == FaultKind.SlowBody ? strike.DelayOf(kind) : TimeSpan.Zero;
                return response with { Transport = transport, Delay = delay };
            }
        }

        return response;
    }

    private Answer Acted(Arrival arrival)
    {
        var request = arrival.Request;
        if (arrival.Found is not { } target)
        {
            return Answer.NotAllowed(request.Method);
        }

        JsonElement? body;
        try
        {
            body = RequestBody.Parse(request);
        }
        catch (JsonException bad)
        {
            return Answer.BadJson($"Unexpected token in JSON at position {bad.BytePositionInLine ?? 0}");
        }

        var call = new Call(losant, target.Route, target.Path, arrival.Strike)
        {
            Seq = arrival.Seq,
            RequestPath = request.Path,
            Query = new QueryText(request.Query),
            Body = body,
        };
        return call.CheckShape() ?? call.CheckAccess(arrival.Token) ?? target.Route.Act(call);
    }

    private Answer? Throttled(Strike strike, string? token)
    {
        if (throttle is null || throttle.Admits(token ?? "", losant.Now))
        {
            return null;
        }

        strike.Happened(FaultKind.Status429);
        return Answer.OfStatus(429);
    }

    private static Answer? FaultyStatus(Strike strike, FaultKind from, FaultKind to)
    {
        if (strike.First(from, to) is not { } kind)
        {
            return null;
        }

        strike.Happened(kind);
        return Answer.OfStatus(int.Parse(kind.ToString().AsSpan("Status".Length, 3)));
    }

    private static string? TokenText(SimulatedRequest request)
    {
        var value = request
            .Headers.FirstOrDefault(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase))
            .Value;
        var space = value?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
        return space > 0 && value![..space] is "Bearer" or "JWT" ? value[(space + 1)..] : null;
    }

    private sealed record Arrival(
        SimulatedRequest Request,
        (Route Route, Dictionary<string, string> Path)? Found,
        Strike Strike,
        long Seq,
        string? Token
    );
}

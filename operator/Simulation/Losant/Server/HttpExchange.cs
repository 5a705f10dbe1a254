using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeRelease.Simulation;

/// <summary>Carries requests from HTTP into the model and acts out what happens to the answers.</summary>
internal sealed class HttpExchange(SimulatedWorld world)
{
    private const string ControlPath = "/_simulator/";

    public async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        if (target[0].StartsWith(ControlPath, StringComparison.Ordinal))
        {
            await AnswerControlAsync(context, target[0][ControlPath.Length..], body.ToArray());
            return;
        }

        var request = new SimulatedRequest(
            context.Request.Method,
            target[0],
            target.Length > 1 ? target[1] : "",
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()),
            body.ToArray()
        );
        await ActAsync(context, world.Do(losant => losant.Handle(request)));
    }

    private static async Task ActAsync(HttpContext context, SimulatedResponse response)
    {
        switch (response.Transport)
        {
            case Transport.Refused or Transport.Reset:
                context.Abort();
                return;
            case Transport.Silent:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
                return;
        }

        context.Response.StatusCode = response.Status;
        foreach (var (name, value) in response.Headers)
        {
            context.Response.Headers[name] = value;
        }

        context.Response.ContentLength = response.Body.Length;
        var first = response.Transport == Transport.Delivered ? response.Body.Length : response.Body.Length / 2;
        await context.Response.Body.WriteAsync(response.Body.AsMemory(0, first));
        if (response.Transport == Transport.Cut)
        {
            await context.Response.Body.FlushAsync();
            context.Abort();
        }
        else if (response.Transport == Transport.Slow)
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(response.Delay, TimeProvider.System, context.RequestAborted);
            await context.Response.Body.WriteAsync(response.Body.AsMemory(first));
        }
    }

    private async Task AnswerControlAsync(HttpContext context, string what, byte[] body)
    {
        if (context.Request.Method == "GET" && what == "log")
        {
            await AnswerLogAsync(context);
            return;
        }

        if (context.Request.Method == "GET" && what == "faults")
        {
            await context.Response.BodyWriter.WriteAsync(world.Do(losant => CountsOf(losant.Faults)));
            return;
        }

        if (context.Request.Method != "POST" || !Control.Sorts.TryGetValue(what, out var sorts))
        {
            context.Response.StatusCode = 404;
            return;
        }

        try
        {
            using var document = JsonDocument.Parse(body);
            var reached = world.Command(document.RootElement, sorts);
            await context.Response.WriteAsync($"{{\"reached\":{reached}}}");
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException)
        {
            context.Response.StatusCode = 400;
            await context.Response.BodyWriter.WriteAsync(JsonText.Write(writer => WriteError(writer, wrong.Message)));
        }
    }

    private async Task AnswerLogAsync(HttpContext context)
    {
        var after = long.TryParse(context.Request.Query["after"], out var seq) ? seq : 0;
        var lines = world.Do(losant => losant.Record.After(after).ToArray());
        context.Response.ContentType = "application/x-ndjson";
        foreach (var line in lines)
        {
            await context.Response.Body.WriteAsync(RecordLine.Of(line));
            await context.Response.Body.WriteAsync("\n"u8.ToArray());
        }
    }

    private static byte[] CountsOf(Faults faults) =>
        JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            foreach (var (kind, count) in faults.Counts)
            {
                writer.WriteNumber(kind.ToString(), count);
            }

            writer.WriteEndObject();
        });

    private static void WriteError(Utf8JsonWriter writer, string message)
    {
        writer.WriteStartObject();
        writer.WriteString("error", message);
        writer.WriteEndObject();
    }
}

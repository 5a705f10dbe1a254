using System.Net.Http.Headers;

namespace EdgeRelease.Simulation;

/// <summary>Delivers exported bundles to their callbacks. What Losant posts there is not documented: the body names the
/// job, the device and the bundle.</summary>
internal sealed class Callbacks : IDisposable
{
    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Posts a bundle's name to its callback, in the background.</summary>
    public void Post(ExportJob job)
    {
        if (Uri.TryCreate(job.CallbackUrl, UriKind.Absolute, out var target))
        {
            _ = PostAsync(target, job);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    private async Task PostAsync(Uri target, ExportJob job)
    {
        using var content = new ByteArrayContent(Body(job));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await client.PostAsync(target, content);
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync($"callback {target}: {failed.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static byte[] Body(ExportJob job) =>
        JsonText.Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("jobId", job.Id);
            writer.WriteString("deviceId", job.Device);
            writer.WriteString("bundleVersion", job.Bundle ?? "nullVersion");
            writer.WriteEndObject();
        });
}

namespace EdgeRelease.Host;

/// <summary>Asks addresses whether they answer: the container image has no other program that could.</summary>
internal static class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Returns 0 when each address answers with 200, else 1 after a line that says what one did.</summary>
    /// <param name="addresses">http addresses, asked one after the other.</param>
    /// <param name="error">Where the line goes.</param>
    /// <param name="cancel">Ends the call.</param>
    public static async Task<int> RunAsync(IEnumerable<Uri> addresses, TextWriter error, CancellationToken cancel)
    {
        using var http = new HttpClient { Timeout = Patience };
        foreach (var address in addresses)
        {
            try
            {
                using var answer = await http.GetAsync(address, cancel);
                answer.EnsureSuccessStatusCode();
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                await error.WriteLineAsync($"cannot reach {address}: {e.Message}");
                return 1;
            }
        }

        return 0;
    }
}

using System.Text.Json;

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>The built operator as a process of its own, with one namespace to work in.</summary>
internal sealed class OperatorProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private static readonly string[] Loopback =
    [
        "--losant-host=127.0.0.1",
        "--metrics-address=127.0.0.1:0",
        "--health-address=127.0.0.1:0",
    ];

    /// <summary>What an image or a pod may set, and what must not keep the greeting from being the first line.</summary>
    private static readonly string[] Surroundings = ["ASPNETCORE_URLS=http://127.0.0.1:1", "ASPNETCORE_HTTP_PORTS=1"];

    private OperatorProcess(Child child, JsonElement greeting)
    {
        Child = child;
        Greeting = greeting;
    }

    public Child Child { get; }

    /// <summary>The line that it printed first.</summary>
    public JsonElement Greeting { get; }

    public string Metrics => Greeting.GetProperty("metrics").GetString()!;

    public string Health => Greeting.GetProperty("health").GetString()!;

    /// <summary>Starts it and waits until it serves.</summary>
    /// <param name="kubeconfig">How to reach the API server.</param>
    /// <param name="ns">Where it works.</param>
    /// <param name="more">More arguments.</param>
    public static Task<OperatorProcess> StartAsync(string kubeconfig, string ns, params string[] more) =>
        StartAsync(kubeconfig, [$"--watch-namespace={ns}", $"--lease-namespace={ns}", .. more]);

    /// <summary>Starts it with the arguments of the caller only.</summary>
    public static async Task<OperatorProcess> StartAsync(string kubeconfig, IEnumerable<string> arguments)
    {
        var (child, greeting) = await Child.StartAsync(
            "env",
            [.. Surroundings, Program(), $"--kubeconfig={kubeconfig}", .. Loopback, .. arguments]
        );
        return new OperatorProcess(child, greeting);
    }

    /// <summary>What <c>/metrics</c> serves now.</summary>
    public Task<string> ScrapeAsync() => Http.GetStringAsync(new Uri(Metrics + "/metrics"));

    /// <summary>The status of a path of the health endpoint.</summary>
    public async Task<int> ProbeAsync(string path)
    {
        using var answer = await Http.GetAsync(new Uri(Health + path));
        return (int)answer.StatusCode;
    }

    public ValueTask DisposeAsync() => Child.DisposeAsync();

    /// <summary>That of the release build; without one, of the tests' own configuration.</summary>
    private static string Program()
    {
        var bin = Path.Combine(ControlPlane.RepositoryRoot(), "operator", "Host", "bin");
        var own = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        return new[] { "Release", own }
                .Select(configuration => Path.Combine(bin, configuration, "net10.0", "edgerelease-operator"))
                .FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("the operator is not built: make build");
    }
}

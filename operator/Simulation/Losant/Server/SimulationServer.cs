using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeRelease.Simulation;

/// <summary>A simulated Losant behind HTTP or HTTPS, in real time, with a packaging line in it.</summary>
public sealed class SimulationServer : IAsyncDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private readonly WebApplication web;
    private readonly CancellationTokenSource stopping = new();
    private readonly Task ticking;
    private readonly Callbacks callbacks;

    private SimulationServer(
        WebApplication web,
        SimulatedWorld world,
        Callbacks callbacks,
        SimulatedApplication application,
        string token
    )
    {
        this.web = web;
        this.callbacks = callbacks;
        Application = application;
        Token = token;
        Url = web.Urls.Single();
        Ended = web.WaitForShutdownAsync();
        ticking = TickAsync(world);
    }

    /// <summary>Where it listens, as <c>http://127.0.0.1:PORT</c>.</summary>
    public string Url { get; }

    /// <summary>The text of the token.</summary>
    public string Token { get; }

    /// <summary>Done when the process was asked to end.</summary>
    public Task Ended { get; }

    /// <summary>The application; only its unchanging parts are safe to read while the server runs.</summary>
    public SimulatedApplication Application { get; }

    /// <summary>Makes the model and listens.</summary>
    /// <param name="options">What to serve.</param>
    /// <returns>The server, ready for requests.</returns>
    /// <exception cref="FormatException">The scenario cannot be understood.</exception>
    /// <exception cref="IOException">The port cannot be had.</exception>
    public static async Task<SimulationServer> StartAsync(SimulationServerOptions options)
    {
        var clock = new SimulationClock(TimeProvider.System);
        var losant = new SimulatedLosant(
            new SimulationOptions
            {
                Seed = options.Seed,
                StartAt = clock.GetUtcNow(),
                RequestsPerSecond = options.RequestsPerSecond,
                Unknowns = options.Unknowns,
            }
        );
        var application = PackagingLine.AddTo(losant, options.Token, options.Devices);
        if (options.Microcontrollers > 0)
        {
            PackagingLine.AddMicrocontrollers(application, options.Microcontrollers);
        }

        var posting = new Callbacks();
        losant.Delivers = posting.Post;
        var world = new SimulatedWorld(losant, clock);
        if (options.Scenario is { } scenario)
        {
            world.Follow(scenario);
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Address, options.Port, listen => Secure(listen, options.Certificate));
        });
        builder.WebHost.UseKestrelHttpsConfiguration();
        var listening = builder.Build();
        listening.Run(new HttpExchange(world).HandleAsync);
        await listening.StartAsync();
        return new SimulationServer(listening, world, posting, application, options.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await ticking;
        await web.StopAsync();
        await web.DisposeAsync();
        callbacks.Dispose();
        stopping.Dispose();
    }

    private static void Secure(ListenOptions listen, X509Certificate2? certificate)
    {
        if (certificate is not null)
        {
            listen.UseHttps(certificate);
        }
    }

    private async Task TickAsync(SimulatedWorld world)
    {
        using var timer = new PeriodicTimer(Tick, TimeProvider.System);
        try
        {
            while (await timer.WaitForNextTickAsync(stopping.Token))
            {
                world.Do(_ => true);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}

/// <summary>What a server of a simulated Losant serves.</summary>
public sealed record SimulationServerOptions
{
    /// <summary>The address. Default the loopback address.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The certificate with its key, for HTTPS; null for HTTP, the default.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>The port; 0 lets the system choose, the default.</summary>
    public int Port { get; init; }

    /// <summary>How many gateways. Default 60.</summary>
    public int Devices { get; init; } = 60;

    /// <summary>How many microcontrollers, with flows of their own. Default 0.</summary>
    public int Microcontrollers { get; init; }

    /// <summary>The seed of all randomness. Default 1.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The text of the token. Default <c>simulated-token</c>.</summary>
    public string Token { get; init; } = "simulated-token";

    /// <summary>The limit of requests per second and token; null for none, the default.</summary>
    public double? RequestsPerSecond { get; init; }

    /// <summary>How the questions that Losant's documents leave open are answered.</summary>
    public LosantUnknowns Unknowns { get; init; } = new();

    /// <summary>The scenario, a JSON array in UTF-8; null for none.</summary>
    public byte[]? Scenario { get; init; }
}

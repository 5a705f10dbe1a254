using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The command line of the simulated Losant.</summary>
public static class ServeCommand
{
    private const string Usage =
        "usage: serve [--port 0] [--devices 60] [--microcontrollers 0] [--seed 1] [--token T] [--scenario FILE] [--requests-per-second N] "
        + "[--unknowns FILE] [--address 127.0.0.1] [--certificate DIR]";

    /// <summary>Serves until the process is asked to end; prints one JSON line when it listens.</summary>
    /// <param name="args">The arguments, <c>serve</c> first.</param>
    /// <returns>0 after a clean end, 2 when the arguments or the scenario cannot be understood.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        SimulationServer server;
        try
        {
            var options = Parse(args);
            server = await SimulationServer.StartAsync(options);
        }
        catch (Exception wrong)
            when (wrong
                    is FormatException
                        or IOException
                        or JsonException
                        or UnauthorizedAccessException
                        or CryptographicException
            )
        {
            await Console.Error.WriteLineAsync(wrong.Message.ReplaceLineEndings(" "));
            return 2;
        }

        await using (server)
        {
            await Console.Out.WriteLineAsync(Greeting(server));
            await server.Ended;
        }

        return 0;
    }

    /// <summary>What the arguments ask for.</summary>
    /// <exception cref="FormatException">They cannot be understood.</exception>
    private static SimulationServerOptions Parse(string[] args)
    {
        if (args is not ["serve", ..])
        {
            throw new FormatException(Usage);
        }

        var options = new SimulationServerOptions();
        for (var index = 1; index < args.Length; index += 2)
        {
            var value = index + 1 < args.Length ? args[index + 1] : null;
            options = args[index] switch
            {
                _ when value is null => throw new FormatException($"{args[index]} needs a value; {Usage}"),
                "--address" => options with { Address = Address(args[index], value) },
                "--certificate" => options with { Certificate = Certificate(value) },
                "--port" => options with { Port = Number(args[index], value, ushort.MaxValue) },
                "--devices" => options with { Devices = Number(args[index], value, 1_000_000) },
                "--microcontrollers" => options with { Microcontrollers = Number(args[index], value, 1_000_000) },
                "--seed" => options with { Seed = Number(args[index], value, int.MaxValue) },
                "--requests-per-second" => options with
                {
                    RequestsPerSecond = Number(args[index], value, 1_000_000, 1),
                },
                "--token" => options with { Token = value },
                "--scenario" => options with { Scenario = File.ReadAllBytes(value) },
                "--unknowns" => options with { Unknowns = UnknownsFile.Parse(File.ReadAllBytes(value)) },
                _ => throw new FormatException($"unknown option {args[index]}; {Usage}"),
            };
        }

        return options;
    }

    private static IPAddress Address(string option, string text) =>
        IPAddress.TryParse(text, out var address)
            ? address
            : throw new FormatException($"{option} must be an address, not '{text}'");

    private static X509Certificate2 Certificate(string folder) =>
        X509Certificate2.CreateFromPemFile(Path.Combine(folder, "tls.crt"), Path.Combine(folder, "tls.key"));

    private static int Number(string option, string text, int most, int least = 0) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= least
        && number <= most
            ? number
            : throw new FormatException($"{option} must be a whole number from {least} to {most}, not '{text}'");

    private static string Greeting(SimulationServer server) =>
        Encoding.UTF8.GetString(
            JsonText.Write(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("url", server.Url);
                writer.WriteString("applicationId", server.Application.Id);
                writer.WriteString("token", server.Token);
                writer.WriteStartArray("flows");
                foreach (var flow in server.Application.Flows)
                {
                    writer.WriteStartObject();
                    writer.WriteString("id", flow.Id);
                    writer.WriteString("name", flow.Name);
                    writer.WriteString("flowClass", flow.FlowClass);
                    writer.WriteStartArray("versions");
                    foreach (var version in flow.Versions)
                    {
                        writer.WriteStringValue(version.Name);
                    }

                    writer.WriteEndArray();
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            })
        );
}

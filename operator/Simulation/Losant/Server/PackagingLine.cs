using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace EdgeRelease.Simulation;

/// <summary>The fleet that a simulated Losant shows when nobody says otherwise: gateways of a packaging line with
/// the flow line-monitor at v1.3.0, a good v1.4.0, and a v1.5.0 that fails on about a fifth of them; and the flow
/// energy-meter at v2.0.0, with a v2.1.0 that fails on about a fifth.</summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A simulation must repeat.")]
public static class PackagingLine
{
    private const int Offline = 3;
    private static readonly string[] Rings = ["lab", "canary", "stable", "stable", "stable"];
    private static readonly string[] Sites = ["berlin", "lyon", "turin"];

    /// <summary>Adds the application, its flow, its token and its devices to a model.</summary>
    /// <param name="losant">The model.</param>
    /// <param name="token">The text of the token.</param>
    /// <param name="devices">How many gateways; at most three of them are offline.</param>
    /// <returns>The application.</returns>
    public static SimulatedApplication AddTo(SimulatedLosant losant, string token, int devices)
    {
        var random = new Random(losant.Options.Seed);
        var application = losant.AddApplication("plant-a", "575ec8687ae143cd83dc4a97");
        application.AddToken(new TokenSetup(token));
        var flow = application.AddFlow(new FlowSetup("line-monitor") { Id = "575ed18f7ae143cd83dc4aa6" });
        foreach (var version in (ReadOnlySpan<string>)["v1.3.0", "v1.4.0", "v1.5.0"])
        {
            flow.AddVersion(version);
        }

        var meter = application.AddFlow(new FlowSetup("energy-meter") { Id = "575ed18f7ae143cd83dc4aa7" });
        foreach (var version in (ReadOnlySpan<string>)["v2.0.0", "v2.1.0"])
        {
            meter.AddVersion(version);
        }

        for (var number = 1; number <= devices; number++)
        {
            var device = application.AddDevice(Gateway(number, devices));
            application.Install(device, flow, "v1.3.0");
            application.Install(device, meter, "v2.0.0");
            if (random.NextDouble() < 0.2)
            {
                device.SetOutcome("v2.1.0", Outcome.Fails("MQTT node: out of memory"));
                device.SetOutcome("v1.5.0", Outcome.Fails("Modbus node: cannot read property 'register' of undefined"));
            }
        }

        return application;
    }

    /// <summary>Adds microcontrollers on pumps to an application: the embedded flow pump-control at v1.0.0, with a good
    /// v1.1.0 and a v1.2.0 whose bundle a fifth of them cannot load; and vibration at v3.0.0, with a good
    /// v3.1.0.</summary>
    /// <param name="application">The application.</param>
    /// <param name="count">How many.</param>
    public static void AddMicrocontrollers(SimulatedApplication application, int count)
    {
        var pump = application.AddFlow(Embedded("pump-control", "575ed18f7ae143cd83dc4aa8"));
        foreach (var version in (ReadOnlySpan<string>)["v1.0.0", "v1.1.0", "v1.2.0"])
        {
            pump.AddVersion(version);
        }

        var vibration = application.AddFlow(Embedded("vibration", "575ed18f7ae143cd83dc4aa9"));
        foreach (var version in (ReadOnlySpan<string>)["v3.0.0", "v3.1.0"])
        {
            vibration.AddVersion(version);
        }

        for (var number = 1; number <= count; number++)
        {
            var setup = new DeviceSetup
            {
                Name = "pump-" + number.ToString("000", CultureInfo.InvariantCulture),
                DeviceClass = "embedded",
                Tags = [new("line", "cooling"), new("site", Sites[number % Sites.Length])],
                AgentVersion = "1.0.0",
            };
            var device = application.AddDevice(setup);
            application.Install(device, pump, "v1.0.0");
            application.Install(device, vibration, "v3.0.0");
            if (number % 5 == 0)
            {
                device.SetOutcome("v1.2.0", Outcome.Fails("bundle does not fit: 271 KB of 256 KB"));
            }
        }
    }

    private static FlowSetup Embedded(string name, string id) => new(name) { FlowClass = "embedded", Id = id };

    private static DeviceSetup Gateway(int number, int devices)
    {
        var tags = new List<KeyValuePair<string, string>> { new("line", "packaging") };
        if (number % 2 == 1)
        {
            tags.Add(new("ring", Rings[number / 2 % Rings.Length]));
        }

        if (number % 3 > 0)
        {
            tags.Add(new("site", Sites[number % Sites.Length]));
        }

        return new DeviceSetup
        {
            Name = "gateway-" + number.ToString("000", CultureInfo.InvariantCulture),
            Tags = tags,
            AgentVersion = number % 4 == 0 ? "1.41.0" : "2.1.0",
            Connected = number <= devices - Offline,
        };
    }
}

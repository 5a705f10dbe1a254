using System.Text.Json;
using EdgeRelease.Cli;
using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Cli;

/// <summary>Releases of line-monitor as the API server shows them, by a few members of their status.</summary>
internal static class Sights
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 9, 0, 0, TimeSpan.Zero);

    private const string Steps = """
        "revision": 2, "observedGeneration": 3, "flow": {"name": "line-monitor"}, "version": {"name": "v1.4.0"},
        "plan": {"steps": [{"name": "tenth", "devices": 6}, {"name": "half", "devices": 30}, {"devices": 60}],
                 "excluded": {"AgentTooOld": 31, "WrongClass": 4}},
        """;

    /// <summary>A release with steps of 6, 30 and 60 devices in revision 2.</summary>
    /// <param name="phase">Its phase.</param>
    /// <param name="message">Its message.</param>
    /// <param name="more">Members of the status, in JSON with single quotes.</param>
    public static ReleaseObject Release(string phase, string message, string more = "") =>
        Of(
            $"{{{Steps} \"phase\": \"{phase}\", \"message\": \"{message}\"{(more == "" ? "" : ", ")}{more.Replace('\'', '"')}}}"
        );

    /// <summary>A release of generation 3 with this status; null for none yet.</summary>
    public static ReleaseObject Of(string? status) =>
        ReleaseObject.Of(
            JsonElement.Parse(
                """
                {"metadata": {"name": "line-monitor", "namespace": "plant-a", "uid": "u", "generation": 3},
                 "spec": {"flow": "line-monitor", "version": "v1.4.0", "deviceTags": {"line": "packaging"}}
                """ + (status is null ? "}" : $", \"status\": {status}}}")
            )
        );

    /// <summary>A row of a device that was told to run v1.4.0 a minute ago.</summary>
    public static LedgerRow Told(int number) =>
        new()
        {
            Device = DeviceId.Parse($"575ed18f7ae143cd83dc{number:x4}"),
            Revision = 2,
            Previous = "v1.3.0",
            Attempts = 1,
            Last = new EdgeRelease.Planning.Command
            {
                Kind = CommandKind.Forward,
                Version = "v1.4.0",
                Batch = 1,
                At = Now.AddMinutes(-1),
                WasConnected = true,
                Seen = true,
            },
        };
}

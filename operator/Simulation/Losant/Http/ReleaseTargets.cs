using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The devices that a release reaches: the named ones, then those that fit the tags, each once.</summary>
internal sealed class ReleaseTargets
{
    private readonly List<SimulatedDevice> devices = [];
    private readonly DeploymentKind kind;

    public ReleaseTargets(Call call, JsonElement body, DeploymentKind kind)
    {
        this.kind = kind;
        var named = body.TryGetProperty("deviceIds", out var ids) && ids.GetArrayLength() > 0;
        var tagged = body.TryGetProperty("deviceTags", out var tags) && TagConditions.SaysAnything(tags);
        if (!named && !tagged)
        {
            TakeUntargeted(call);
            return;
        }

        var known = new HashSet<SimulatedDevice>();
        foreach (var id in named ? ids.EnumerateArray() : default)
        {
            TakeNamed(call, id.GetString()!, known);
        }

        var fits = tagged ? TagConditions.Of(tags, call.Unknowns.DeviceTags) : _ => false;
        devices.AddRange(
            call.Application.Devices.Where(device => kind.Reaches(device) && fits(device.Tags) && known.Add(device))
        );
    }

    /// <summary>The devices in the order of the request.</summary>
    public IReadOnlyList<SimulatedDevice> Devices => devices;

    /// <summary>Why the release is refused; null when it is not.</summary>
    public Answer? Fault { get; private set; }

    private void TakeUntargeted(Call call)
    {
        if (call.Unknowns.ReleaseWithoutTargets == Untargeted.Refuse)
        {
            Fault = Answer.Invalid("deployment must include deviceIds or deviceTags");
        }
        else if (call.Unknowns.ReleaseWithoutTargets == Untargeted.Everybody)
        {
            devices.AddRange(call.Application.Devices.Where(kind.Reaches));
        }
    }

    private void TakeNamed(Call call, string id, HashSet<SimulatedDevice> known)
    {
        if (call.Application.FindDevice(id) is { } device && kind.Reaches(device))
        {
            if (known.Add(device))
            {
                devices.Add(device);
            }

            return;
        }

        Fault ??= call.Unknowns.StrangeDeviceIds switch
        {
            Tolerance.NotFound => Answer.NotFound("Device"),
            Tolerance.Refuse => Answer.Invalid("deployment.deviceIds includes a device that cannot be deployed to"),
            _ => null,
        };
    }
}

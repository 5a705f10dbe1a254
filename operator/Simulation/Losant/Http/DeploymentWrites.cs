using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>The three writes of both kinds of deployment: all schedule a version, or none, on devices.</summary>
internal static class DeploymentWrites
{
    public static Answer Release(Call call, DeploymentKind kind)
    {
        var body = call.Body!.Value;
        if (FindFlow(call, body, kind, out var flow) is { } strange)
        {
            return strange;
        }

        if (CheckVersion(call, flow!, body.GetProperty("version").GetString()) is { } unknown)
        {
            return unknown;
        }

        var targets = new ReleaseTargets(call, body, kind);
        return targets.Fault ?? Schedule(call, targets.Devices, OrderOf(call, flow!, body.GetProperty("version")));
    }

    public static Answer Replace(Call call, DeploymentKind kind)
    {
        var body = call.Body!.Value;
        if (FindFlow(call, body, kind, out var flow) is { } strange)
        {
            return strange;
        }

        if (CheckVersion(call, flow!, body.GetProperty("newVersion").GetString()) is { } unknown)
        {
            return unknown;
        }

        var old = call.Application.Scheduling.TagOf(flow!, body.GetProperty("oldVersion").GetString()!).Name;
        var rows = call.Application.Rows.Where(row => row.Flow == flow && Replaces(call, row.State, old));
        return Schedule(call, Existing(rows), OrderOf(call, flow!, body.GetProperty("newVersion")));
    }

    public static Answer Remove(Call call, DeploymentKind kind)
    {
        var body = call.Body!.Value;
        var flowId = body.GetProperty("flowId").GetString();
        var deviceId = body.GetProperty("deviceId").GetString();
        if (flowId is null && deviceId is null && call.Unknowns.RemoveWithoutTargets != Untargeted.Everybody)
        {
            return call.Unknowns.RemoveWithoutTargets == Untargeted.Refuse
                ? Answer.Invalid("deployment must include flowId or deviceId")
                : Answer.Scheduled;
        }

        var rows = call.Application.Rows.Where(row =>
            DeploymentKind.Of(row.Flow) == kind && Fits(flowId, row.Flow.Id) && Fits(deviceId, row.Device.Id)
        );
        if (kind == DeploymentKind.Embedded && flowId is null)
        {
            foreach (var group in rows.GroupBy(row => row.Device).Where(group => kind.Reaches(group.Key)).ToArray())
            {
                BundleScheduling.Clear(group.Key, Order(call, group.First().Flow, default));
            }

            return Answer.Scheduled;
        }

        foreach (var group in rows.GroupBy(row => row.Flow).ToArray())
        {
            Schedule(call, Existing(group), Order(call, group.Key, default));
        }

        return Answer.Scheduled;
    }

    private static Answer Schedule(Call call, IReadOnlyList<SimulatedDevice> devices, Order order)
    {
        var strike = call.Strike;
        var reached =
            devices.Count > 0 && strike.Takes(FaultKind.PartialApply)
                ? devices.Take(strike.Random.Next(devices.Count)).ToArray()
                : devices;
        if (strike.Takes(FaultKind.DelayedApply))
        {
            call.Losant.Later(strike.DelayOf(FaultKind.DelayedApply), () => ScheduleNow(reached, order));
        }
        else
        {
            ScheduleNow(reached, order);
        }

        return Answer.Scheduled;
    }

    private static void ScheduleNow(IReadOnlyList<SimulatedDevice> devices, Order order)
    {
        foreach (var device in devices.Where(DeploymentKind.Of(order.Flow).Reaches))
        {
            device.Application.Scheduling.Schedule(device, order);
        }
    }

    private static Order OrderOf(Call call, SimulatedFlow flow, JsonElement version) =>
        Order(call, flow, version.GetString() is { } name ? call.Application.Scheduling.TagOf(flow, name) : default);

    private static Order Order(Call call, SimulatedFlow flow, VersionTag version)
    {
        var hidden = call.Strike.Takes(FaultKind.RowInvisible)
            ? call.Strike.DelayOf(FaultKind.RowInvisible)
            : call.Unknowns.RowsVisibleAfter;
        var by = new LogSource("apiToken", call.Token.Id);
        return new Order(flow, version, by, new Cause(call.Seq, false), hidden);
    }

    private static Answer? CheckVersion(Call call, SimulatedFlow flow, string? version) =>
        version is null || call.Application.Scheduling.Find(flow, version) is not null ? null
        : version == "develop" ? Answer.Invalid("deployment.version cannot be develop")
        : call.Unknowns.UnknownVersion == Tolerance.Refuse ? Answer.Invalid("deployment.version was not found")
        : Answer.NotFound("Flow Version");

    private static bool Replaces(Call call, RowState state, string? old) =>
        call.Unknowns.ReplaceMatches switch
        {
            ReplaceMatch.Desired => state.Desired == old,
            ReplaceMatch.Current => state.Current == old,
            _ => state.Desired == old || state.Current == old,
        };

    private static SimulatedDevice[] Existing(IEnumerable<SimulatedRow> rows) => [.. rows.Select(row => row.Device)];

    /// <summary>Why the body's flow cannot be written to; null when it can, and then the flow.</summary>
    private static Answer? FindFlow(Call call, JsonElement body, DeploymentKind kind, out SimulatedFlow? flow)
    {
        flow = call.Application.FindFlow(body.GetProperty("flowId").GetString()!);
        return flow is null ? Answer.NotFound("Flow")
            : kind.FlowClasses.Contains(flow.FlowClass) ? null
            : call.Unknowns.WrongFlowClass == Tolerance.Refuse ? Answer.Invalid($"flow is not an {kind.Name} workflow")
            : Answer.NotFound("Flow");
    }

    private static bool Fits(string? wanted, string id) =>
        wanted is null || wanted.Equals(id, StringComparison.OrdinalIgnoreCase);
}

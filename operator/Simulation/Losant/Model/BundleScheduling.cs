using System.Globalization;

namespace EdgeRelease.Simulation;

/// <summary>Why a bundle is built.</summary>
/// <param name="UpdateType">Losant's word for it.</param>
/// <param name="By">Who.</param>
/// <param name="VisibleAt">From when it is listed.</param>
internal sealed record BundleCause(string UpdateType, LogSource By, DateTimeOffset VisibleAt)
{
    public string? FlowId { get; init; }

    public string? Version { get; init; }
}

/// <summary>Builds the bundles of an application: one for all flows of a microcontroller, anew for each change.</summary>
internal sealed class BundleScheduling(SimulatedApplication application)
{
    private SimulatedLosant Losant => application.Losant;

    private LosantUnknowns Unknowns => Losant.Options.Unknowns;

    /// <summary>A flow of the device was scheduled.</summary>
    public void Scheduled(SimulatedDevice device, Order order, VersionTag from, DateTimeOffset visibleAt)
    {
        var isNews = from != order.Version;
        if (isNews || Unknowns.RepeatedReleaseLogs)
        {
            var type =
                order.Version.Name is null ? "removeFlow"
                : from.Name is null ? "newFlow"
                : "replaceFlow";
            var cause = new BundleCause(type, order.By, visibleAt)
            {
                FlowId = order.Flow.Id,
                Version = order.Version.Name,
            };
            Build(device, cause, isNews);
        }

        device.Agent.Loader.LoadLater();
    }

    /// <summary>Removes all flows of a device, in one bundle.</summary>
    public static void Clear(SimulatedDevice device, Order order)
    {
        foreach (var row in device.Rows.Where(row => row.State.Desired is not null).ToArray())
        {
            device.Application.Scheduling.Schedule(device, order with { Flow = row.Flow, IsPartOfMore = true });
        }

        var visibleAt = device.Application.Losant.Now + order.Hidden;
        device.Application.Bundles.Rebuild(device, new BundleCause("clear", order.By, visibleAt));
    }

    /// <summary>Builds the bundle of a device that has flows anew, for a reason of its own.</summary>
    public void Rebuild(SimulatedDevice device, BundleCause cause)
    {
        if (device.Bundle is { State.Desired: not null })
        {
            Build(device, cause, isNew: true);
            device.Agent.Loader.LoadLater();
        }
    }

    /// <summary>A flow was put on a device as if it had been deployed before.</summary>
    public void Installed(SimulatedRow row)
    {
        var reportedAt = row.State.LastUpdated;
        var name = NameOf(row.Device, reportedAt);
        var state = new BundleState
        {
            Current = name,
            Desired = name,
            LastUpdated = reportedAt,
            Logs =
            [
                new BundleLogEntry(false, reportedAt, new LogSource("device", row.Device.Id), name),
                new BundleLogEntry(true, row.CreatedAt, new LogSource("user", Losant.PersonId), name)
                {
                    UpdateType = "newFlow",
                    FlowId = row.Flow.Id,
                    Version = row.State.Desired,
                },
            ],
        };
        BundleOf(row.Device, Losant.ThereSince, row.CreatedAt).Set(state, Losant.ThereSince);
    }

    private void Build(SimulatedDevice device, BundleCause cause, bool isNew)
    {
        var bundle = BundleOf(device, cause.VisibleAt, Losant.Stamp);
        var name = isNew ? NameOf(device, Losant.Stamp) : bundle.State.Desired;
        var entry = new BundleLogEntry(true, Losant.Stamp, cause.By, name)
        {
            UpdateType = cause.UpdateType,
            FlowId = cause.FlowId,
            Version = cause.Version,
        };
        var after = bundle.State.Logging(entry, Unknowns.LogRetention) with
        {
            Desired = name,
            IsPushed = true,
            LastUpdated = Losant.Stamp,
        };
        bundle.Set(after, cause.VisibleAt);
    }

    private static SimulatedBundle BundleOf(SimulatedDevice device, DateTimeOffset visibleAt, DateTimeOffset createdAt)
    {
        if (device.Bundle is { } known)
        {
            return known;
        }

        var application = device.Application;
        var first = new History<BundleState>(new BundleState { LastUpdated = createdAt }, visibleAt);
        device.Bundle = new SimulatedBundle(application.Losant.Ids.Next(), device, first) { CreatedAt = createdAt };
        application.Add(device.Bundle);
        return device.Bundle;
    }

    /// <summary>The second of the build, as in Losant's example, never twice on a device; null when nothing is left to
    /// run.</summary>
    private static string? NameOf(SimulatedDevice device, DateTimeOffset at)
    {
        if (device.Rows.All(row => row.State.Desired is null))
        {
            return null;
        }

        device.LastBuild = Math.Max(at.ToUnixTimeSeconds(), device.LastBuild + 1);
        return device.LastBuild.ToString(CultureInfo.InvariantCulture);
    }
}

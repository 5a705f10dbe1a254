using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>Resolves what a release names: application, flow, version, and the other releases of the same flow.</summary>
public sealed class Resolver
{
    /// <summary>So that a revision's objects, as <c>NAME-r12345-6789</c>, have names of at most 253 characters.</summary>
    private const int LongestName = 240;

    private readonly Accounts _accounts;
    private readonly Pollers _pollers;
    private readonly Neighbours _neighbours;
    private readonly Findings _problems = new();

    /// <summary>The resolver of one process.</summary>
    /// <param name="accounts">Finds and opens applications.</param>
    /// <param name="releases">The releases that are watched.</param>
    /// <param name="read">Reads them.</param>
    /// <param name="pollers">What is known of each application.</param>
    /// <param name="neighbours">The releases of other flows.</param>
    public Resolver(
        Accounts accounts,
        ResourceStore releases,
        Readings<ReleaseObject> read,
        Pollers pollers,
        Neighbours neighbours
    )
    {
        (_accounts, _pollers, _neighbours) = (accounts, pollers, neighbours);
        Claimants = new Claimants(accounts, releases, read, other => Problems(other).Count == 0);
    }

    /// <summary>The other releases of a release's flow.</summary>
    public Claimants Claimants { get; }

    /// <summary>The release resolved, or the obstacle.</summary>
    /// <param name="release">The object.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="LosantException">Losant gave no usable answer.</exception>
    public async Task<Wanted> ResolveAsync(ReleaseObject release, CancellationToken cancel)
    {
        var problems = Problems(release);
        if (problems.Count > 0)
        {
            return Wanted.Blocked(Reasons.InvalidSpec, problems[0]);
        }

        var (application, missing) = _accounts.Find(release);
        if (application is null)
        {
            return await _accounts.IsGoneAsync(release, cancel) ? missing! with { IsCutOff = true } : missing!;
        }

        var pinned = new PinnedApplication { Name = application.Meta.Name, Id = application.Spec.ApplicationId };
        if (release.Status?.Application is { Id: { } made } && !Accounts.IsSame(made, pinned.Id))
        {
            return Wanted.Blocked(
                Reasons.ApplicationChanged,
                $"LosantApplication {pinned.Name} is now {pinned.Id}, the release was made for {made}: create a new release"
            );
        }

        var (losant, closed) = await _accounts.OpenAsync(application, cancel);
        return losant is null
            ? closed! with
            {
                Application = pinned,
                Account = application,
            }
            : await WithFlowAsync(release, application, losant, cancel) with
            {
                Application = pinned,
                Account = application,
            };
    }

    /// <summary>A resolved release with its version as it is now.</summary>
    /// <param name="wanted">The release as it was planned.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="LosantException">Losant gave no usable answer.</exception>
    public static async Task<Wanted> WithVersionNowAsync(Wanted wanted, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var release = await WithVersionAsync(wanted.Release!, wanted, Catalog.ForCalls, cancel);
        return wanted with { Release = release };
    }

    /// <summary>The devices that a flow runs on; null when it runs on none.</summary>
    private static DeviceClass? ClassOf(FlowRow flow) =>
        flow.FlowClass switch
        {
            "edge" => DeviceClass.EdgeCompute,
            "embedded" => DeviceClass.Embedded,
            _ => null,
        };

    private static Wanted OfClass(FlowRow flow) =>
        Wanted.Blocked(
            Reasons.FlowClassUnsupported,
            flow.FlowClass == "customNode"
                ? $"flow {flow.Name} is a custom node, which devices get inside the versions of the flows that use it: "
                    + "release one of those"
                : $"flow {flow.Name} is of class {flow.FlowClass}: only edge and embedded flows can be released"
        );

    private async Task<Wanted> WithFlowAsync(
        ReleaseObject release,
        ApplicationObject application,
        ILosant losant,
        CancellationToken cancel
    )
    {
        var catalog = _pollers.Of(losant, DeviceClass.EdgeCompute).Catalog;
        var flows = await FlowsAsync(release, catalog, cancel);
        if (flows.Count != 1)
        {
            return flows.Count == 0
                ? await NoFlowAsync(release.Spec, application, losant, cancel)
                : Wanted.Blocked(
                    Reasons.FlowAmbiguous,
                    $"{flows.Count} flows are named {release.Spec.Flow}: rename all but one in Losant, or create the release anew with the flow's id"
                );
        }

        var flow = flows[0];
        if (release.Status?.Flow is { Id: not null } known && known.Id != flow.Id)
        {
            return Wanted.Blocked(
                Reasons.FlowChanged,
                $"flow {release.Spec.Flow} is now {flow.Id}, the release was made for {known.Id}: create a new release"
            );
        }

        var pinned = new PinnedFlow
        {
            Id = flow.Id,
            Name = flow.Name,
            Class = flow.FlowClass,
        };
        if (ClassOf(flow) is not { } deviceClass)
        {
            return OfClass(flow) with { Flow = pinned };
        }

        var wanted = new Wanted(null, losant, null) { Flow = pinned, Poller = _pollers.Of(losant, deviceClass) };
        var unversioned = Unversioned(release, application, flow) with
        {
            Class = deviceClass,
            Held = await _neighbours.HoldsAsync(release, application, pinned, cancel),
            Rivals = Claimants.Of(release, application, pinned),
            Requests = await Wishes.OfAsync(_accounts.Cluster, release, cancel),
        };
        return wanted with { Release = await WithVersionAsync(unversioned, wanted, Catalog.ForPlans, cancel) };
    }

    private IReadOnlyList<string> Problems(ReleaseObject release) =>
        _problems.Of(
            release.Meta,
            () =>
                release.Meta.Name.Length > LongestName
                    ? [$"metadata.name has {release.Meta.Name.Length} characters: use at most {LongestName}"]
                    : SpecRules.Problems(release.Spec)
        );

    /// <summary>A pinned flow that still has its name costs one call instead of a search.</summary>
    private static async Task<IReadOnlyList<FlowRow>> FlowsAsync(
        ReleaseObject release,
        Catalog catalog,
        CancellationToken cancel
    )
    {
        if (release.Status?.Flow?.Id is { } id && id != release.Spec.Flow)
        {
            var pinned = await catalog.FindFlowsAsync(id, cancel);
            if (pinned.Count == 1 && pinned[0].Name == release.Spec.Flow)
            {
                return pinned;
            }
        }

        return await catalog.FindFlowsAsync(release.Spec.Flow, cancel);
    }

    private static async Task<Wanted> NoFlowAsync(
        EdgeReleaseSpec spec,
        ApplicationObject application,
        ILosant losant,
        CancellationToken cancel
    )
    {
        var isThere = await losant.FindApplicationAsync(cancel) is not null;
        return isThere
            ? Wanted.Blocked(
                Reasons.FlowNotFound,
                $"application {application.Spec.ApplicationId} has no edge or embedded flow {spec.Flow}: create it in Losant, or create the release anew for a flow that is there"
            )
            : Wanted.Blocked(Missing.Application(application));
    }

    private static async Task<Release> WithVersionAsync(
        Release release,
        Wanted wanted,
        TimeSpan maxAge,
        CancellationToken cancel
    )
    {
        var spec = release.Spec;
        var version = spec.Remove
            ? null
            : await wanted.Poller!.Catalog.FindVersionAsync(release.FlowId, spec.Version!, maxAge, cancel);
        return release with
        {
            FlowVersionId = version?.Id,
            CustomNodes = version is null ? [] : await wanted.Poller!.Catalog.CustomNodesAsync(version, cancel),
            MinimumAgentVersion = version?.MinimumAgentVersion,
            Problem =
                version is null && !spec.Remove
                    ? Missing.Version(wanted.Flow!.Name!, spec.Version)
                    : release.Rails.Problem(spec, wanted.Flow!.Name!),
        };
    }

    private static Release Unversioned(ReleaseObject release, ApplicationObject application, FlowRow flow)
    {
        var annotations = release.Meta.Annotations;
        return new Release
        {
            Uid = release.Uid,
            Spec = release.Spec,
            FlowId = flow.Id,
            PausedBecause = annotations.GetValueOrDefault(Annotations.Paused),
            DeletedAt = release.Meta.DeletionTimestamp,
            Rails = RailsOf(application),
        };
    }

    private static Rails RailsOf(ApplicationObject application) =>
        new()
        {
            Application = application.Meta.Name,
            Windows = application.Spec.Schedule.Windows,
            Frozen = application.Spec.Frozen,
            Guard = application.Spec.Guard,
        };
}

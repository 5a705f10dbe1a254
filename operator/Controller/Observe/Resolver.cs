using System.Collections.Concurrent;
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
    private readonly ConcurrentDictionary<string, (long Generation, IReadOnlyList<string> Found)> _problems = new();

    /// <summary>The resolver of one process.</summary>
    /// <param name="accounts">Finds and opens applications.</param>
    /// <param name="releases">The releases that are watched.</param>
    public Resolver(Accounts accounts, ResourceStore releases)
    {
        _accounts = accounts;
        Claimants = new Claimants(accounts, releases, other => Problems(other).Count == 0);
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
        if (release.Status?.Application is { Id: not null } known && known.Id != pinned.Id)
        {
            return Wanted.Blocked(
                Reasons.ApplicationChanged,
                $"LosantApplication {pinned.Name} is now {pinned.Id}, the release was made for {known.Id}: create a new release"
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

    private async Task<Wanted> WithFlowAsync(
        ReleaseObject release,
        ApplicationObject application,
        ILosant losant,
        CancellationToken cancel
    )
    {
        var flows = await FlowsAsync(release, losant, cancel);
        if (flows.Count != 1)
        {
            return flows.Count == 0
                ? await NoFlowAsync(release.Spec, application, losant, cancel)
                : Wanted.Blocked(
                    Reasons.FlowAmbiguous,
                    $"{flows.Count} flows are named {release.Spec.Flow}: use the flow's id"
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
        if (flow.FlowClass != "edge")
        {
            return Wanted.Blocked(
                Reasons.FlowClassUnsupported,
                $"flow {flow.Name} is of class {flow.FlowClass}: only edge flows can be released"
            ) with
            {
                Flow = pinned,
            };
        }

        var wanted = await WithVersionAsync(release, application, flow, losant, cancel);
        var rivals = Claimants.Of(release, application, pinned);
        return new Wanted(wanted with { Rivals = rivals }, losant, null) { Flow = pinned };
    }

    /// <summary>What the spec breaks, looked for once a generation.</summary>
    private IReadOnlyList<string> Problems(ReleaseObject release)
    {
        var generation = release.Meta.Generation;
        if (_problems.TryGetValue(release.Uid, out var known) && known.Generation == generation)
        {
            return known.Found;
        }

        IReadOnlyList<string> found =
            release.Meta.Name.Length > LongestName
                ? [$"metadata.name has {release.Meta.Name.Length} characters: use at most {LongestName}"]
                : SpecRules.Problems(release.Spec);
        _problems[release.Uid] = (generation, found);
        return found;
    }

    /// <summary>A pinned flow that still has its name costs one call instead of a search.</summary>
    private static async Task<IReadOnlyList<FlowRow>> FlowsAsync(
        ReleaseObject release,
        ILosant losant,
        CancellationToken cancel
    )
    {
        if (release.Status?.Flow?.Id is { } id && id != release.Spec.Flow)
        {
            var pinned = await losant.FindFlowsAsync(id, cancel);
            if (pinned.Count == 1 && pinned[0].Name == release.Spec.Flow)
            {
                return pinned;
            }
        }

        return await losant.FindFlowsAsync(release.Spec.Flow, cancel);
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
                $"application {application.Spec.ApplicationId} has no edge flow {spec.Flow}: check spec.flow"
            )
            : Wanted.Blocked(Missing.Application(application));
    }

    private static async Task<Release> WithVersionAsync(
        ReleaseObject release,
        ApplicationObject application,
        FlowRow flow,
        ILosant losant,
        CancellationToken cancel
    )
    {
        var spec = release.Spec;
        var version = spec.Remove ? null : await losant.FindVersionAsync(flow.Id, spec.Version!, cancel);
        var annotations = release.Meta.Annotations;
        var rails = RailsOf(application);
        return new Release
        {
            Uid = release.Uid,
            Spec = spec,
            FlowId = flow.Id,
            FlowVersionId = version?.Id,
            MinimumAgentVersion = version?.MinimumAgentVersion,
            PausedBecause = annotations.GetValueOrDefault(Annotations.Paused),
            DeletedAt = release.Meta.DeletionTimestamp,
            Requests = new Requests
            {
                Abort = annotations.GetValueOrDefault(Annotations.Abort),
                Retry = annotations.GetValueOrDefault(Annotations.Retry),
                Approve = annotations.GetValueOrDefault(Annotations.Approve),
                Promote = annotations.GetValueOrDefault(Annotations.Promote),
                ReconcileAt = annotations.GetValueOrDefault(Annotations.ReconcileRequestedAt),
            },
            Rails = rails,
            Problem =
                version is null && !spec.Remove
                    ? Missing.Version(flow.Name, spec.Version)
                    : rails.Problem(spec, flow.Name),
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

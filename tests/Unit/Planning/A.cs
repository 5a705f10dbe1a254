using EdgeRelease.Api;
using EdgeRelease.Planning;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Where a planner test begins: <c>A.Release().At(10).Percent()</c>, <c>A.Fleet().Of(60).On("v1")</c>.</summary>
internal static class A
{
    public static ReleaseBuilder Release() => new();

    public static PlannerWorld Fleet() => new();

    public static ReleaseStep Step(string name = "") => new(new RolloutStep { Name = name });

    /// <summary>The pure loop of a release over a fleet.</summary>
    public static PlannerLoop Loop(Release wanted, PlannerWorld world) => new(wanted, world);
}

/// <summary>One step, by adjectives.</summary>
internal sealed record ReleaseStep(RolloutStep Step)
{
    public ReleaseStep Of(int percentage) => new(Step with { Percentage = percentage });

    public ReleaseStep Count(int count) => new(Step with { Count = count });

    public ReleaseStep All() => new(Step with { All = true });

    public ReleaseStep Ring(string key, string value) =>
        new(Step with { DeviceTags = new Dictionary<string, string> { [key] = value } });

    public ReleaseStep Gated() => new(Step with { Approval = true });

    public ReleaseStep Soaking(TimeSpan soak) => new(Step with { Soak = soak });
}

/// <summary>A release of every device to v2 in one step with room for all, unless adjectives say otherwise.</summary>
internal sealed record ReleaseBuilder
{
    private int _number = 100;

    public Release Built { get; init; } =
        new()
        {
            Uid = "uid-1",
            FlowId = "575ed18f7ae143cd83dc4aa6",
            FlowVersionId = "id-of-v2",
            Spec = new EdgeReleaseSpec
            {
                Flow = "line-monitor",
                Version = "v2",
                AllDevices = true,
                RolloutPercentage = 100,
                Limits = new LimitsSpec { MaxUnavailable = IntOrPercent.Percent(100) },
            },
        };

    public static implicit operator Release(ReleaseBuilder builder) => builder.Built;

    public ReleaseBuilder With(Func<EdgeReleaseSpec, EdgeReleaseSpec> change) =>
        this with
        {
            Built = Built with { Spec = change(Built.Spec) },
        };

    public ReleaseBuilder Asking(Func<Release, Release> change) => this with { Built = change(Built) };

    public ReleaseBuilder To(string version) =>
        With(spec => spec with { Version = version })
            .Asking(release => release with { FlowVersionId = $"id-of-{version}" });

    public ReleaseBuilder Removing() =>
        With(spec => spec with { Version = null, Remove = true })
            .Asking(release => release with { FlowVersionId = null });

    /// <summary>A number whose unit follows: <c>At(10).Percent()</c>.</summary>
    public ReleaseBuilder At(int number) => this with { _number = number };

    public ReleaseBuilder Percent() => With(spec => spec with { RolloutPercentage = _number });

    public ReleaseBuilder In(params ReleaseStep[] steps) =>
        With(spec =>
            spec with
            {
                Rollout = (spec.Rollout ?? new RolloutSpec()) with { Steps = [.. steps.Select(step => step.Step)] },
            }
        );

    public ReleaseBuilder SpreadBy(params string[] keys) =>
        With(spec => spec with { Rollout = (spec.Rollout ?? new RolloutSpec()) with { SpreadBy = keys } });

    public ReleaseBuilder Ramp(int start, decimal factor, TimeSpan soak = default) =>
        With(spec =>
            spec with
            {
                Rollout = new RolloutSpec
                {
                    Ramp = new RampSpec
                    {
                        Start = start,
                        Factor = factor,
                        Soak = soak,
                    },
                },
            }
        );

    public ReleaseBuilder For(string key, string value) =>
        With(spec =>
            spec with
            {
                AllDevices = false,
                DeviceTags = new Dictionary<string, string>(spec.DeviceTags) { [key] = value },
            }
        );

    public ReleaseBuilder Unavailable(int count) =>
        With(spec => spec with { Limits = spec.Limits with { MaxUnavailable = IntOrPercent.Count(count) } });

    public ReleaseBuilder PerGroup(string tag, int count) =>
        PerGroup(new GroupLimitSpec { Tag = tag, MaxUnavailable = count });

    public ReleaseBuilder PerGroup(GroupLimitSpec? limit) =>
        With(spec => spec with { Limits = spec.Limits with { PerGroup = limit } });

    public ReleaseBuilder PerMinute(int? count) =>
        With(spec => spec with { Limits = spec.Limits with { PerMinute = count } });

    public ReleaseBuilder Tolerating(int failures) =>
        Policy(policy => policy with { MaxFailures = IntOrPercent.Count(failures) });

    public ReleaseBuilder ToleratingPercent(int percent) =>
        Policy(policy => policy with { MaxFailures = IntOrPercent.Percent(percent) });

    public ReleaseBuilder ToleratingRate(decimal percent) =>
        Policy(policy => policy with { Tolerance = new Percentage(percent) });

    public ReleaseBuilder Policy(Func<FailurePolicySpec, FailurePolicySpec> change) =>
        With(spec => spec with { FailurePolicy = change(spec.FailurePolicy) });

    public ReleaseBuilder Watching(TimeSpan watch) => Policy(policy => policy with { Watch = watch });

    public ReleaseBuilder Health(Func<HealthSpec, HealthSpec> change) =>
        With(spec => spec with { Health = change(spec.Health) });

    public ReleaseBuilder Offline(OfflinePolicy policy) => Health(health => health with { Offline = policy });

    public ReleaseBuilder OnDelete(DeletePolicy policy) =>
        With(spec => spec with { Policy = spec.Policy with { OnDelete = policy } });

    public ReleaseBuilder OnLeave(LeavePolicy policy) =>
        With(spec => spec with { Policy = spec.Policy with { OnLeave = policy } });

    public ReleaseBuilder CorrectingDrift() =>
        With(spec => spec with { Policy = spec.Policy with { Drift = DriftPolicy.Correct } });

    public ReleaseBuilder Aborting(string revision) =>
        Asking(release => release with { Requests = release.Requests with { Abort = revision } });

    public ReleaseBuilder Approving(string? token) =>
        With(spec => spec with { Approve = token is null ? [] : [token] });

    public ReleaseBuilder Annotating(string? token) =>
        Asking(release => release with { Requests = release.Requests with { Approve = token } });

    public ReleaseBuilder Promoting(string? revision) =>
        Asking(release => release with { Requests = release.Requests with { Promote = revision } });

    public ReleaseBuilder PausedBecause(string? reason) => Asking(release => release with { PausedBecause = reason });

    /// <summary>Who set each annotation.</summary>
    public ReleaseBuilder By(string manager) =>
        Asking(release =>
            release with
            {
                Requests = release.Requests with
                {
                    Managers = new[]
                    {
                        Annotations.Abort,
                        Annotations.Approve,
                        Annotations.Paused,
                        Annotations.Promote,
                        Annotations.Retry,
                    }.ToDictionary(annotation => annotation, _ => manager),
                },
            }
        );

    public ReleaseBuilder Retrying(string revision) =>
        Asking(release => release with { Requests = release.Requests with { Retry = revision } });
}

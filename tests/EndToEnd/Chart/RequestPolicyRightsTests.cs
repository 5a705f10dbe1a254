using EdgeRelease.Api;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>What the chart's policy lets people do, as an API server evaluates it and asks RBAC.</summary>
public sealed class RequestPolicyRightsTests(PolicyPlane plane, ControlPlaneFixture controlPlane)
    : IClassFixture<PolicyPlane>
{
    /// <summary>Changes of a release, and the verb that each needs.</summary>
    private static readonly (string Verb, string Patch)[] Acts =
    [
        ("approve", Annotated(Annotations.Approve)),
        ("promote", Annotated(Annotations.Promote)),
        ("pause", Annotated(Annotations.Paused)),
        ("abort", Annotated(Annotations.Abort)),
        ("approve", """{"spec": {"approve": ["r1-s1-0a1b2c"]}}"""),
        ("pause", """{"spec": {"paused": true}}"""),
    ];

    public static TheoryData<string> Verbs => [.. PolicyPlane.Verbs];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task A_role_with_one_verb_can_do_that_act_and_no_other(string verb)
    {
        var name = await plane.CreateAsync();
        foreach (var act in Acts)
        {
            var refusal = await plane.PatchAsync(verb, name, act.Patch);

            if (act.Verb == verb)
            {
                Assert.Empty(refusal);
            }
            else
            {
                AssertRefused(act.Verb, refusal);
            }
        }
    }

    [Fact]
    public async Task A_role_with_all_verbs_can_do_every_act()
    {
        var name = await plane.CreateAsync();

        foreach (var act in Acts)
        {
            Assert.Empty(await plane.PatchAsync("lead", name, act.Patch));
        }
    }

    [Fact]
    public async Task Going_on_after_a_pause_needs_the_verb_pause()
    {
        var name = await plane.CreateAsync($"{Annotations.Paused}: inventory");
        var resume = $$$"""{"metadata": {"annotations": {"{{{Annotations.Paused}}}": null} } }""";

        AssertRefused("pause", await plane.PatchAsync("approve", name, resume));
        Assert.Empty(await plane.PatchAsync("pause", name, resume));
    }

    [Fact]
    public async Task What_a_release_is_created_with_needs_the_verb_too()
    {
        var abort = $"{Annotations.Abort}: r1";

        AssertRefused("abort", await plane.CreateAsAsync("approve", abort));
        Assert.Empty(await plane.CreateAsAsync("abort", abort));
        Assert.Empty(await plane.CreateAsAsync("editor", "example.com/team: edge"));
    }

    [Fact]
    public async Task An_editor_may_change_everything_else()
    {
        var name = await plane.CreateAsync($"{Annotations.Paused}: inventory, {Annotations.Approve}: r1-s1-0a1b2c");

        Assert.Empty(await plane.PatchAsync("editor", name, """{"spec": {"version": "v1.5.0"}}"""));
        Assert.Empty(await plane.PatchAsync("editor", name, """{"spec": {"rolloutPercentage": 20}}"""));
        Assert.Empty(await plane.PatchAsync("editor", name, Annotated(Annotations.Retry)));
        Assert.Empty(await plane.PatchAsync("editor", name, Annotated(Annotations.ReconcileRequestedAt)));
        Assert.Empty(await plane.PatchAsync("editor", name, """{"metadata": {"labels": {"team": "edge"}}}"""));
    }

    [Fact]
    public async Task Raising_the_percentage_at_a_gate_needs_the_verb_approve()
    {
        var name = await plane.CreateAsync();
        var steps =
            """{"spec": {"rolloutPercentage": null, "rollout": {"steps": [{"name": "all", "percentage": 100}]}}}""";
        var asks = """{"status": {"step": {"asked": "r1-s1-0a1b2c"}}}""";
        Assert.Empty(await plane.PatchAsync("editor", name, asks, "--subresource=status"));

        AssertRefused("approve", await plane.PatchAsync("abort", name, """{"spec": {"rolloutPercentage": 11}}"""));
        AssertRefused("approve", await plane.PatchAsync("abort", name, steps));
        Assert.Empty(await plane.PatchAsync("abort", name, """{"spec": {"rolloutPercentage": 9}}"""));
        Assert.Empty(await plane.PatchAsync("approve", name, """{"spec": {"rolloutPercentage": 50}}"""));
    }

    [Fact]
    public async Task The_operator_needs_none_of_the_verbs_for_all_that_it_does()
    {
        using var account = new OperatorAccount(plane.Plane, PolicyPlane.Home);
        await account.BindAsync(plane.Rendered);
        using var cluster = plane.Plane.Connect();
        await using var stage = await Stage.OpenAsync(controlPlane, plane.Plane, cluster);

        var started = await stage.StartOperatorAsAsync(
            await account.LoginAsync(),
            $"--lease-namespace={PolicyPlane.Home}"
        );

        await Deeds.DoAsync(stage, started);
    }

    private static void AssertRefused(string verb, string refusal)
    {
        Assert.Contains("ValidatingAdmissionPolicy 'edgerelease-requests'", refusal, StringComparison.Ordinal);
        Assert.Contains($"only with the verb {verb} on edgereleases", refusal, StringComparison.Ordinal);
    }

    private static string Annotated(string annotation) =>
        $$$"""{"metadata": {"annotations": {"{{{annotation}}}": "r1"} } }""";
}

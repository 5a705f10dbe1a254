using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>An API server that evaluates the chart's ValidatingAdmissionPolicy, and people with one verb each. Where the API
/// server is older than 1.30, the CRD server behind it evaluates the policy, and asks it about rights.</summary>
public sealed class PolicyPlane : IAsyncLifetime
{
    /// <summary>Where the chart is installed.</summary>
    public const string Home = "rollouts";

    /// <summary>Where the releases are; an operator has no application there.</summary>
    private const string Namespace = "people";

    /// <summary>The acts' verbs; a user of the name of a verb has that one, and may write releases.</summary>
    public static readonly string[] Verbs = ["approve", "promote", "pause", "abort"];

    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> variables = new() { ["USE_EXISTING_CLUSTER"] = "" };
    private readonly ControlPlane plane;
    private PolicyServer? policies;
    private string? missing;

    public PolicyPlane() => plane = new ControlPlane(Path.Combine(folder.Path, "plane"), variables);

    /// <summary>The API server; skips the test where none evaluates the policy.</summary>
    internal ControlPlane Plane
    {
        get
        {
            Assert.SkipWhen(missing is not null, missing ?? "");
            return plane;
        }
    }

    /// <summary>What the chart renders.</summary>
    internal IReadOnlyList<JsonObject> Rendered { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        Rendered = await Helm.ObjectsAsync("--namespace", Home, "--set", "requestPolicy.enabled=true");
        await plane.StartAsync();
        var served = await plane.KubectlAsync("get", "--raw", "/apis/admissionregistration.k8s.io/v1");
        var policy = Rendered
            .Where(each => Helm.Kind(each).StartsWith("Validating", StringComparison.Ordinal))
            .ToList();
        if (!served.Contains("\"validatingadmissionpolicies\"", StringComparison.Ordinal))
        {
            missing = await BeginAsync(policy);
        }
        else
        {
            await ApplyAsync([.. policy]);
        }

        if (missing is null)
        {
            await Crds.InstallAsync(plane.Kubeconfig);
            await plane.KubectlAsync("create", "namespace", Home);
            await plane.KubectlAsync("create", "namespace", Namespace);
            await ApplyAsync([.. People()]);
            await EnforcedAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await plane.StopAsync();
        policies?.Dispose();
        folder.Dispose();
    }

    /// <summary>Creates a release as the administrator and returns its name.</summary>
    public async Task<string> CreateAsync(string annotations = "")
    {
        var name = $"r-{Guid.NewGuid():N}";
        await Plane.KubectlAsync("create", "--filename", await FileAsync(Release(name, annotations)));
        return name;
    }

    /// <summary>Creates a release as somebody, or says why that is refused.</summary>
    public async Task<string> CreateAsAsync(string user, string annotations) =>
        await RefusalAsync(
            user,
            "create",
            "--filename",
            await FileAsync(Release($"r-{Guid.NewGuid():N}", annotations))
        );

    /// <summary>Changes a release by a merge patch as somebody, or says why that is refused; empty when it is not.</summary>
    public Task<string> PatchAsync(string user, string name, string patch, params string[] more) =>
        RefusalAsync(user, ["patch", ApiKind.Release.Plural, name, "--type=merge", "--patch", patch, .. more]);

    /// <summary>Applies objects as the administrator.</summary>
    internal async Task ApplyAsync(params JsonObject[] objects)
    {
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List" };
        list["items"] = new JsonArray([.. objects.Select(each => each.DeepClone())]);
        await plane.KubectlAsync("apply", "--filename", await FileAsync(list.ToJsonString()));
    }

    /// <summary>Starts the CRD server so that it reads the policy; returns why that cannot be had.</summary>
    private async Task<string?> BeginAsync(IEnumerable<JsonObject> policy)
    {
        var server = plane.Connection().Server.GetLeftPart(UriPartial.Authority);
        policies = new PolicyServer(plane, policy);
        var admin = await File.ReadAllTextAsync(plane.Kubeconfig);
        variables["POLICY_KUBECONFIG"] = await FileAsync(admin.Replace(server, policies.Url, StringComparison.Ordinal));
        variables["WITH_CRD_SERVER"] = "1";
        return await plane.TryStartAsync()
            ?? (
                File.Exists(Path.Combine(plane.Folder, "crd.pid"))
                    ? null
                    : "the API server has no ValidatingAdmissionPolicy, and needs no CRD server"
            );
    }

    /// <summary>Users of the releases: <c>editor</c> without a verb, one for each, and <c>lead</c> with
    /// all.</summary>
    private static IEnumerable<JsonObject> People() =>
        Verbs
            .Select(verb => (User: verb, Verbs: verb))
            .Append((User: "editor", Verbs: "get"))
            .Append((User: "lead", Verbs: string.Join(", ", Verbs)))
            .SelectMany(each =>
                Yaml.Documents(
                    $$"""
                    apiVersion: rbac.authorization.k8s.io/v1
                    kind: Role
                    metadata: {name: {{each.User}}, namespace: {{Namespace}} }
                    rules:
                    - apiGroups: [edgerelease.dev]
                      resources: [edgereleases]
                      verbs: [get, list, watch, create, update, patch, {{each.Verbs}}]
                    - apiGroups: [edgerelease.dev]
                      resources: [edgereleases/status]
                      verbs: [get, patch]
                    ---
                    apiVersion: rbac.authorization.k8s.io/v1
                    kind: RoleBinding
                    metadata: {name: {{each.User}}, namespace: {{Namespace}} }
                    roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{each.User}} }
                    subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: {{each.User}} }]
                    """
                )
            );

    /// <summary>Waits until the API server knows of the rights and evaluates the policy.</summary>
    private async Task EnforcedAsync()
    {
        foreach (var (user, verb) in Verbs.Select(verb => (verb, verb)).Append(("lead", "abort")))
        {
            await Eventually.HoldsAsync(async () =>
                (await RefusalAsync(user, "auth", "can-i", verb, ApiKind.Release.Plural)).Length == 0
            );
        }

        var name = await CreateAsync();
        await Eventually.HoldsAsync(async () =>
            (await PatchAsync("editor", name, """{"spec": {"paused": true}}""", "--dry-run=server")).Contains(
                "verb pause",
                StringComparison.Ordinal
            )
        );
    }

    private async Task<string> RefusalAsync(string user, params string[] arguments)
    {
        try
        {
            await Plane.KubectlAsync([.. arguments, $"--namespace={Namespace}", $"--as={user}"]);
            return "";
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }
    }

    private async Task<string> FileAsync(string text)
    {
        var file = Path.Combine(folder.Path, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private static string Release(string name, string annotations) =>
        $$"""
            apiVersion: edgerelease.dev/v1alpha1
            kind: EdgeRelease
            metadata: {name: {{name}}, namespace: {{Namespace}}, annotations: { {{annotations}} } }
            spec: {flow: line-monitor, version: v1.4.0, allDevices: true, rolloutPercentage: 10}
            """;
}

using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>The service account of the operator with the roles that the chart gives it.</summary>
/// <param name="plane">The API server.</param>
/// <param name="home">The namespace that the chart is installed in.</param>
internal sealed class OperatorAccount(ControlPlane plane, string home) : IDisposable
{
    private static readonly string[] Kinds =
    [
        "ServiceAccount",
        "Role",
        "RoleBinding",
        "ClusterRole",
        "ClusterRoleBinding",
    ];

    private readonly TemporaryFolder folder = new();

    /// <summary>Installs account, roles and bindings of what the chart renders.</summary>
    public async Task BindAsync(IEnumerable<JsonObject> rendered)
    {
        var file = Path.Combine(folder.Path, "access.json");
        var list = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "List" };
        list["items"] = new JsonArray([
            .. rendered.Where(each => Kinds.Contains(Helm.Kind(each))).Select(each => each.DeepClone()),
        ]);
        await File.WriteAllTextAsync(file, list.ToJsonString());
        await plane.KubectlAsync("apply", "-f", file);
    }

    /// <summary>A kubeconfig of the account.</summary>
    public async Task<string> LoginAsync()
    {
        var file = Path.Combine(folder.Path, "account.kubeconfig");
        File.Copy(plane.Kubeconfig, file);
        var kubectl = await ControlPlane.ToolAsync("kubectl");
        foreach (
            var change in new[]
            {
                "delete-user admin",
                $"set-credentials operator --token={await TokenAsync()}",
                "set-context --current --user=operator",
            }
        )
        {
            await ControlPlane.RunAsync(kubectl, ["--kubeconfig", file, "config", .. change.Split(' ')]);
        }

        return file;
    }

    /// <summary>A token of the account.</summary>
    public async Task<string> TokenAsync() =>
        (await plane.KubectlAsync("create", "token", "edgerelease", $"--namespace={home}")).Trim();

    public void Dispose() => folder.Dispose();
}

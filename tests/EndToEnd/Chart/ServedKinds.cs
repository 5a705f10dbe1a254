namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>What an API server serves.</summary>
internal sealed class ServedKinds
{
    private readonly HashSet<(string ApiVersion, string Kind)> kinds;

    private ServedKinds(HashSet<(string, string)> kinds) => this.kinds = kinds;

    public static async Task<ServedKinds> OfAsync(ControlPlaneFixture controlPlane)
    {
        var table = await controlPlane.KubectlAsync("api-resources", "--no-headers");
        var rows = table
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        return new ServedKinds([.. rows.Select(cells => (cells[^3], cells[^1]))]);
    }

    public bool Has(System.Text.Json.Nodes.JsonObject rendered) =>
        kinds.Contains(((string)rendered["apiVersion"]!, (string)rendered["kind"]!));
}

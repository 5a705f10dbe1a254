using System.Text;
using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Tests.EndToEnd.Operator;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Examples;

/// <summary>What users are shown can be applied as it stands.</summary>
public sealed class DocumentTests(ControlPlaneFixture controlPlane)
{
    public static TheoryData<string> Paths => [.. Documents.Paths];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Is_accepted_by_the_API_server(string path)
    {
        await Crds.InstallAsync(controlPlane.Kubeconfig);

        var applied = await DryRunAsync(path, "apply", "--dry-run=server", "--validate=strict");

        Assert.NotEmpty(applied);
        Assert.All(
            applied,
            each => Assert.Equal("default", each.GetProperty("metadata").GetProperty("namespace").GetString())
        );
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Breaks_no_rule(string path)
    {
        await Crds.InstallAsync(controlPlane.Kubeconfig);

        var written = await DryRunAsync(path, "create", "--dry-run=client", "--validate=false");

        Assert.NotEmpty(written);
        Assert.Empty(written.SelectMany(Problems));
    }

    private static IReadOnlyList<string> Problems(JsonElement written)
    {
        var kind = written.GetProperty("kind").GetString();
        return kind switch
        {
            "EdgeRelease" => SpecRules.ReleaseProblems(written.GetProperty("spec")),
            "LosantApplication" => SpecRules.ApplicationProblems(written.GetProperty("spec")),
            "Secret" or "Role" => [],
            _ => [$"{kind} is not a kind that a user of EdgeRelease writes"],
        };
    }

    private async Task<IReadOnlyList<JsonElement>> DryRunAsync(string path, params string[] command)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, Documents.Applicable(path), TestContext.Current.CancellationToken);
            return Objects(await controlPlane.KubectlAsync([.. command, "-o", "json", "-f", file]));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>kubectl prints one object after the other, or one List.</summary>
    private static List<JsonElement> Objects(string output)
    {
        var reader = new Utf8JsonReader(
            Encoding.UTF8.GetBytes(output),
            new JsonReaderOptions { AllowMultipleValues = true }
        );
        var found = new List<JsonElement>();
        while (reader.Read())
        {
            var json = JsonElement.ParseValue(ref reader);
            found.AddRange(
                json.GetProperty("kind").GetString() == "List" ? json.GetProperty("items").EnumerateArray() : [json]
            );
        }

        return found;
    }
}

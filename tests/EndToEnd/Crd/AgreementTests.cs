using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Crd;

/// <summary>Server and code refuse the same random specs, and read the rest with the same defaults.</summary>
[Collection(nameof(CelCollection))]
public sealed class AgreementTests(CelPlane plane)
{
    private const int Specs = 600;

    private static readonly int Seed = Random.Shared.Next();

    [Fact]
    public Task Agrees_on_random_releases()
    {
        var specs = new RandomSpecs(new Random(Seed));
        return AgreesAsync(ApiKind.Release, specs.Release, SpecRules.ReleaseProblems, ApiJson.Default.EdgeReleaseSpec);
    }

    [Fact]
    public Task Agrees_on_random_applications()
    {
        var specs = new RandomSpecs(new Random(Seed));
        return AgreesAsync(
            ApiKind.Application,
            specs.Application,
            SpecRules.ApplicationProblems,
            ApiJson.Default.LosantApplicationSpec
        );
    }

    private async Task AgreesAsync<T>(
        ApiKind kind,
        Func<JsonObject> next,
        Func<JsonElement, IReadOnlyList<string>> problems,
        JsonTypeInfo<T> type
    )
    {
        var accepted = 0;
        for (var i = 0; i < Specs; i++)
        {
            var spec = next();
            var (stored, refusal) = await plane.CreateAsync(kind, spec);
            var own = problems(CelPlane.Element(spec));

            Assert.True(
                stored is null == own.Count > 0,
                $"seed {Seed}, {spec.ToJsonString()}: server '{refusal}', code '{string.Join("; ", own)}'"
            );
            if (stored is { } it)
            {
                accepted++;
                Assert.Equal(Canonical(WithoutNulls(spec), type), Canonical(it.GetProperty("spec"), type));
            }
        }

        Assert.InRange(accepted, Specs / 10, Specs * 9 / 10);
    }

    private static string Canonical<T>(JsonElement spec, JsonTypeInfo<T> type) =>
        JsonSerializer.Serialize(spec.Deserialize(type)!, type);

    // What is null and yet accepted has a default, which the server puts in its place.
    private static JsonElement WithoutNulls(JsonObject spec)
    {
        var copy = spec.DeepClone().AsObject();
        Drop(copy);
        return CelPlane.Element(copy);

        static void Drop(JsonNode? node)
        {
            if (node is JsonObject members)
            {
                foreach (
                    var name in members.Where(member => member.Value is null).Select(member => member.Key).ToList()
                )
                {
                    members.Remove(name);
                }
            }

            foreach (var inner in Inner(node))
            {
                Drop(inner);
            }
        }

        static IEnumerable<JsonNode?> Inner(JsonNode? node) =>
            node switch
            {
                JsonObject members => members.Select(member => member.Value),
                JsonArray items => items,
                _ => [],
            };
    }
}

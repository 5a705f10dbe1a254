using System.Text.Json;
using System.Text.Json.Serialization;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

public sealed class ResourceJsonTests
{
    private static readonly JsonElement Received = JsonElement.Parse(
        """
        {"apiVersion":"v1","kind":"Sample","metadata":{"name":"a","namespace":"ns","uid":"u","resourceVersion":"7",
         "unheardOf":{"deep":1.50},"managedFields":[{"manager":"m"}],"finalizers":["x"]},
         "spec":{"large":12345678901234567890123},"status":{"old":true},"more":"é\u2028<"}
        """
    );

    [Fact]
    public void Changes_the_status_and_nothing_else()
    {
        var edited = ResourceJson.WithStatus(Received, JsonElement.Parse("""{"new":1}"""));

        Assert.Equal("""{"new":1}""", edited.GetProperty("status").GetRawText());
        foreach (var member in Received.EnumerateObject().Where(member => member.Name != "status"))
        {
            Assert.True(JsonElement.DeepEquals(member.Value, edited.GetProperty(member.Name)), member.Name);
        }
        Assert.Equal("12345678901234567890123", edited.GetProperty("spec").GetProperty("large").GetRawText());
        Assert.Equal("1.50", edited.GetProperty("metadata").GetProperty("unheardOf").GetProperty("deep").GetRawText());
    }

    [Fact]
    public void Changes_the_finalizers_and_nothing_else()
    {
        var edited = ResourceJson.WithFinalizers(Received, ["x", "y"]);

        Assert.Equal("""["x","y"]""", edited.GetProperty("metadata").GetProperty("finalizers").GetRawText());
        Assert.True(JsonElement.DeepEquals(Received, ResourceJson.WithFinalizers(edited, ["x"])));
    }

    [Fact]
    public void Keeps_all_but_the_managed_fields()
    {
        var kept = ResourceJson.Kept(Received);

        Assert.False(kept.GetProperty("metadata").TryGetProperty("managedFields", out _));
        Assert.Equal("u", ResourceJson.UidOf(kept));
        Assert.Equal(6, kept.EnumerateObject().Count());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{"metadata":[]}""")]
    [InlineData("""{"metadata":{"name":5}}""")]
    [InlineData("""{"metadata":{"name":""}}""")]
    public void Finds_no_key_in_an_object_without_a_readable_name(string json)
    {
        Assert.Null(ResourceJson.KeyOf(JsonElement.Parse(json)));
    }

    [Fact]
    public void Reads_a_resource_with_a_generated_contract()
    {
        var resource = Received.Deserialize(SampleJson.Default.ResourceSampleSpecSampleStatus)!;

        Assert.Equal(new ResourceKey("ns", "a"), resource.Metadata.Key);
        Assert.Equal(["x"], resource.Metadata.Finalizers);
        Assert.True(resource.Status!.Old);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"metadata":{}}""")]
    [InlineData("""{"metadata":{"labels":null,"finalizers":null,"name":null,"ownerReferences":null}}""")]
    public void Has_defaults_for_absent_members_and_never_null(string json)
    {
        var resource = JsonElement.Parse(json).Deserialize(SampleJson.Default.ResourceSampleSpecSampleStatus)!;

        Assert.Equal("", resource.Metadata.Name);
        Assert.Empty(resource.Metadata.Labels);
        Assert.Empty(resource.Metadata.Annotations);
        Assert.Empty(resource.Metadata.Finalizers);
        Assert.Empty(resource.Metadata.OwnerReferences);
        Assert.Equal("", resource.Kind);
        Assert.Null(resource.Spec);
    }
}

internal sealed record SampleSpec(decimal Size);

internal sealed record SampleStatus(bool Old);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Resource<SampleSpec, SampleStatus>))]
internal sealed partial class SampleJson : JsonSerializerContext;

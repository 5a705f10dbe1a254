using System.Text.Json;
using EdgeRelease.Kubernetes;
using EdgeRelease.Tests.Conversations;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd;

/// <summary>The real API server holds every conversation as the simulated one does.</summary>
public sealed class ConversationTests(ControlPlaneFixture controlPlane)
{
    private static readonly ResourceKind Definitions = new(
        "apiextensions.k8s.io",
        "v1",
        "customresourcedefinitions",
        "CustomResourceDefinition"
    );

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Conversation.Names), MemberType = typeof(Conversation))]
    public async Task Holds_the_conversation(string name)
    {
        // The server ends a watch 10 s before this limit, and sends a bookmark shortly before.
        using var client = new ClusterClient(controlPlane.Connection(), TimeProvider.System, "edgerelease-tests/0")
        {
            WatchIdleLimit = TimeSpan.FromSeconds(20),
        };
        await InstallAsync(client);
        var place = new Place(client, await controlPlane.NewNamespaceAsync(), TimeProvider.System);
        await Conversation.Called(name).Talk(place);
    }

    private static async Task InstallAsync(ClusterClient client)
    {
        try
        {
            await client.CreateAsync(Definitions, JsonElement.Parse(Talks.Definition), Cancel);
        }
        catch (ClusterException e) when (e.IsConflict) { }
        await Eventually.HoldsAsync(async () =>
        {
            try
            {
                await client.ListAsync(Talks.Kind, new ListOptions(), Cancel);
                return true;
            }
            catch (ClusterException)
            {
                return false;
            }
        });
    }
}

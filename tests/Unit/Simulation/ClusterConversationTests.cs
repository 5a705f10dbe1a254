using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using EdgeRelease.Tests.Conversations;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

/// <summary>The simulated API server holds every conversation as the real one does.</summary>
public sealed class ClusterConversationTests
{
    [Theory]
    [MemberData(nameof(Conversation.Names), MemberType = typeof(Conversation))]
    public void Holds_the_conversation(string name)
    {
        var time = new VirtualTime();
        var cluster = new SimulatedCluster(time);
        cluster.Register(new KindRules(Talks.Kind) { HasStatus = true, Admission = Admit });
        var place = new Place(cluster.Client("test"), "here", time);
        time.Run(() => Conversation.Called(name).Talk(place));
    }

    /// <summary>What the schema of <see cref="Talks.Definition"/> says.</summary>
    private static string? Admit(JsonObject candidate, JsonElement? stored)
    {
        if (candidate["spec"] is JsonObject spec)
        {
            spec["count"] ??= 3;
            if (spec["count"]!.GetValue<int>() < 0)
            {
                return "spec.count: should be at least 0";
            }
        }

        candidate["status"] ??= new JsonObject { ["observedGeneration"] = -1 };
        return null;
    }
}

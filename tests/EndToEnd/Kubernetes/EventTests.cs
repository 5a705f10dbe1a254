using System.Text.Json;
using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

public sealed class EventTests(ControlPlaneFixture controlPlane)
{
    private static readonly EventNote Advanced = new(false, "StepAdvanced", "Advance", "Step 2 of 3 begins");

    private readonly List<ClusterException> faults = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shows_in_kubectl()
    {
        var about = await CreateAsync();

        await RecordAsync(about, Advanced);

        var ns = ResourceJson.KeyOf(about)!.Namespace;
        var shown = await controlPlane.KubectlAsync("get", "events", "-n", ns);
        Assert.Matches("Normal +StepAdvanced +configmap/a +Step 2 of 3 begins", shown);
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Counts_a_repeated_happening_in_one_event()
    {
        var about = await CreateAsync();

        for (var i = 0; i < 3; i++)
        {
            await RecordAsync(about, Advanced);
        }

        var recorded = Assert.Single(await EventsAsync(about));
        Assert.Equal(3, recorded.GetProperty("series").GetProperty("count").GetInt32());
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Writes_one_event_each_for_different_happenings()
    {
        var about = await CreateAsync();

        await RecordAsync(about, Advanced);
        await RecordAsync(about, Advanced with { IsWarning = true });
        await RecordAsync(about, Advanced with { Note = "Step 3 of 3 begins" });

        Assert.Equal(3, (await EventsAsync(about)).Count);
    }

    [Fact]
    public async Task Takes_notes_of_one_class_for_the_same_happening()
    {
        var about = await CreateAsync();

        await RecordAsync(about, Advanced with { Note = "4 of 10 failed", NoteClass = "failed" });
        await RecordAsync(about, Advanced with { Note = "5 of 10 failed", NoteClass = "failed" });

        var recorded = Assert.Single(await EventsAsync(about));
        Assert.Equal("4 of 10 failed", recorded.GetProperty("note").GetString());
    }

    [Fact]
    public async Task Cuts_a_note_that_is_too_long_for_the_server()
    {
        var about = await CreateAsync();

        await RecordAsync(about, Advanced with { Note = new string('é', 3000) });

        Assert.Single(await EventsAsync(about));
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Reports_a_failure_and_throws_nothing()
    {
        var about = ResourceJson.Edited(await CreateAsync(), root => root["metadata"]!["namespace"] = "absent");

        await RecordAsync(about, Advanced);

        Assert.Equal(404, Assert.Single(faults).Status);
    }

    private Task<JsonElement> CreateAsync() => CreateAsync(controlPlane.NewNamespaceAsync());

    private async Task<JsonElement> CreateAsync(Task<string> ns) =>
        await controlPlane.Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(await ns, "a"), Cancel);

    private Task RecordAsync(JsonElement about, EventNote note)
    {
        var reporter = new EventReporter
        {
            Controller = "tests.example.com/controller",
            Instance = "host-1",
            Faulted = faults.Add,
        };
        var recorder = new EventRecorder(controlPlane.Cluster, reporter, TimeProvider.System);
        return recorder.RecordAsync(ResourceKind.ConfigMap, about, note, Cancel);
    }

    private async Task<IReadOnlyList<JsonElement>> EventsAsync(JsonElement about) =>
        (
            await controlPlane.Cluster.ListAsync(
                ResourceKind.Event,
                new ListOptions { Namespace = ResourceJson.KeyOf(about)!.Namespace },
                Cancel
            )
        ).Items;
}

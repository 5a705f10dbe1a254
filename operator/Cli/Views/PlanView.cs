using System.Text.Json.Nodes;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Planning;

namespace EdgeRelease.Cli;

/// <summary>A plan in words.</summary>
internal static class PlanView
{
    /// <summary>The lines of a plan.</summary>
    /// <param name="release">The release.</param>
    /// <param name="preview">What its next pass would decide.</param>
    /// <param name="isWide">Whether each device is listed.</param>
    /// <param name="width">Columns.</param>
    public static IEnumerable<Line> Lines(ReleaseObject release, Preview preview, bool isWide, int width)
    {
        var (plan, outline) = (preview.Plan!, preview.Status?.Plan ?? new PlanStatus());
        var version = release.Spec.Remove ? "the removal" : release.Spec.Version;
        yield return new Line($"{release.Meta.Name}: {version} of {preview.Wanted.Flow!.Name}");
        foreach (var line in Words.Wrapped($"{plan.Verdict.Phase}: {plan.Verdict.Message}", width))
        {
            yield return new Line(line, Words.ToneOf(plan.Verdict.Phase));
        }

        foreach (var line in Outlined(outline, width).Concat(Next(plan, width)))
        {
            yield return line;
        }

        foreach (var line in isWide ? Table.Lines([Header, .. Rows(preview).Select(Cells)], null) : [])
        {
            yield return line;
        }

        yield return new Line("nothing was written");
    }

    private static readonly string[] Header = ["DEVICE", "STEP", "STATE", "RUNS", "RULE"];

    private static IEnumerable<Line> Outlined(PlanStatus outline, int width)
    {
        for (var index = 0; index < outline.Steps.Count; index++)
        {
            var step = outline.Steps[index];
            yield return new Line(
                $"  {step.Name ?? $"step {index + 1}", -12} {step.Devices, 6} {(step.Devices == 1 ? "device" : "devices")}"
            );
        }

        if (outline.Excluded.Count > 0)
        {
            var excluded = outline.Excluded.Select(each => $"{each.Value} {each.Key}");
            yield return new Line($"  excluded: {string.Join(", ", excluded)}");
        }

        if (outline.CustomNodes.Count > 0)
        {
            yield return new Line($"  custom nodes: {string.Join(", ", outline.CustomNodes.Select(Node))}");
        }

        if (outline.Coverage is { } coverage)
        {
            yield return new Line($"  coverage: {coverage}");
        }

        foreach (var line in outline.Warnings.SelectMany(warning => Words.Wrapped($"warning: {warning}", width)))
        {
            yield return new Line(line, Tone.Waits);
        }
    }

    private static IEnumerable<Line> Next(Plan plan, int width)
    {
        foreach (var batch in plan.Batches)
        {
            var way = batch.Kind == CommandKind.Forward ? "next: deploy" : "next: restore";
            var text = $"{way} {Words.Version(batch.Version)} to {batch.Rows.Count}: {batch.Because}";
            foreach (var line in Words.Wrapped(text, width))
            {
                yield return new Line(line);
            }
        }
    }

    /// <summary>The plan for programs, with every device.</summary>
    public static JsonObject Document(ReleaseObject release, Preview preview)
    {
        var (plan, outline) = (preview.Plan!, preview.Status?.Plan ?? new PlanStatus());
        return Output.Document(
            ("name", release.Meta.Name),
            ("phase", plan.Verdict.Phase.ToString()),
            ("message", plan.Verdict.Message),
            ("steps", new JsonArray([.. outline.Steps.Select(Step)])),
            ("excluded", new JsonObject(outline.Excluded.Select(Count))),
            ("warnings", new JsonArray([.. outline.Warnings.Select(warning => (JsonNode)warning)])),
            ("coverage", outline.Coverage),
            ("customNodes", new JsonArray([.. outline.CustomNodes.Select(Document)])),
            ("next", new JsonArray([.. plan.Batches.Select(Batched)])),
            ("devices", new JsonArray([.. Rows(preview).Select(Device)]))
        );
    }

    private static string Node(PlannedNode node) =>
        $"{node.Name}@{node.Version}" + (node.MinimumAgentVersion is { } minimum ? $" (agent {minimum} or newer)" : "");

    private static JsonObject Document(PlannedNode node) =>
        Output.Document(
            ("name", node.Name),
            ("version", node.Version),
            ("minimumAgentVersion", node.MinimumAgentVersion)
        );

    private static JsonObject Step(PlannedStep step) => Output.Document(("name", step.Name), ("devices", step.Devices));

    private static KeyValuePair<string, JsonNode?> Count(KeyValuePair<string, int> each) =>
        KeyValuePair.Create<string, JsonNode?>(each.Key, each.Value);

    private static JsonObject Batched(Batch batch) =>
        Output.Document(
            ("kind", batch.Kind.ToString()),
            ("version", batch.Version),
            ("because", batch.Because),
            ("devices", new JsonArray([.. batch.Devices.Select(id => (JsonNode)id.ToString())]))
        );

    private static JsonObject Device(PlannedDevice row) =>
        Output.Document(
            ("device", row.Device),
            ("step", row.Step),
            ("state", row.State),
            ("runs", row.Runs),
            ("rule", row.Rule)
        );

    private static string[] Cells(PlannedDevice row) =>
        [row.Device, row.Step ?? "-", row.State, row.Runs ?? "nothing", row.Rule];

    /// <summary>Each device that the selectors match, and the first step that has it.</summary>
    private static IEnumerable<PlannedDevice> Rows(Preview preview)
    {
        var (plan, wanted) = (preview.Plan!, preview.Wanted.Release!);
        if (plan.Fleet is not { } fleet)
        {
            return [];
        }

        var first = new Dictionary<Observation.DeviceId, string>();
        for (var index = 0; index < wanted.Steps.Count; index++)
        {
            var name = wanted.Steps[index].Name is { Length: > 0 } given ? given : $"step {index + 1}";
            foreach (var device in Share.Of(fleet, wanted, wanted.Steps, index).Devices)
            {
                first.TryAdd(device.Id, name);
            }
        }

        return fleet.Devices.Select(device => new PlannedDevice(
            device.Id.ToString(),
            first.GetValueOrDefault(device.Id),
            device.Standing.State.ToString(),
            device.Deployment?.Current,
            plan.Why(device.Id).Rule
        ));
    }

    /// <summary>One device of a plan.</summary>
    private sealed record PlannedDevice(string Device, string? Step, string State, string? Runs, string Rule);
}

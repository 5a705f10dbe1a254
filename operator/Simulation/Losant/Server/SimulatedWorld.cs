using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>A model, its clock and its control, entered by one caller at a time.</summary>
internal sealed class SimulatedWorld(SimulatedLosant losant, SimulationClock clock)
{
    private readonly Lock gate = new();
    private readonly Control control = new(losant, clock);

    /// <summary>Brings the model to the present and does something with it.</summary>
    public T Do<T>(Func<SimulatedLosant, T> deed)
    {
        lock (gate)
        {
            losant.AdvanceTo(clock.GetUtcNow());
            return deed(losant);
        }
    }

    /// <summary>Does what a control body says.</summary>
    /// <param name="body">The body.</param>
    /// <param name="sorts">The sorts that it may be of.</param>
    /// <exception cref="FormatException">The body cannot be understood.</exception>
    public int Command(JsonElement body, IReadOnlyCollection<string> sorts) => Do(_ => control.Read(body, sorts)());

    /// <summary>Lets the steps of a scenario happen when their time comes.</summary>
    /// <exception cref="FormatException">The scenario cannot be understood.</exception>
    public void Follow(byte[] scenario)
    {
        using var document = JsonDocument.Parse(scenario);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("a scenario is an array");
        }

        string[] sorts = [.. Control.Sorts.Values.SelectMany(each => each)];
        foreach (var step in document.RootElement.EnumerateArray())
        {
            var body = step.Clone();
            var deed = control.Read(body, sorts);
            var at =
                body.TryGetProperty("at", out var text) && text.ValueKind == JsonValueKind.String
                    ? Durations.Parse(text.GetString()!)
                    : throw new FormatException("a scenario's step needs at, as 1m30s");
            losant.Later(at, () => Try(body, deed));
        }
    }

    private static void Try(JsonElement body, Func<int> deed)
    {
        try
        {
            deed();
        }
        catch (FormatException wrong)
        {
            Console.Error.WriteLine($"scenario step {body}: {wrong.Message}");
        }
    }
}

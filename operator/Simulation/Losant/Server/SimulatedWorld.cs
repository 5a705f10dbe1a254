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
    /// <exception cref="FormatException">The body cannot be understood.</exception>
    public int Command(JsonElement body) => Do(_ => control.Apply(body));

    /// <summary>Lets the steps of a scenario happen when their time comes.</summary>
    /// <exception cref="FormatException">The scenario cannot be understood.</exception>
    public void Follow(byte[] scenario)
    {
        using var document = JsonDocument.Parse(scenario);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException("a scenario is an array");
        }

        foreach (var step in document.RootElement.EnumerateArray())
        {
            Control.CheckSort(step);
            var at =
                step.TryGetProperty("at", out var text) && text.ValueKind == JsonValueKind.String
                    ? Durations.Parse(text.GetString()!)
                    : throw new FormatException("a scenario's step needs at, as 1m30s");
            var body = step.Clone();
            losant.Later(at, () => Try(body));
        }
    }

    private void Try(JsonElement body)
    {
        try
        {
            control.Apply(body);
        }
        catch (Exception wrong) when (wrong is FormatException or ArgumentException)
        {
            Console.Error.WriteLine($"scenario step {body}: {wrong.Message}");
        }
    }
}

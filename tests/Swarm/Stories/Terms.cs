using System.Text.Json.Nodes;

namespace EdgeRelease.Tests.Swarm;

/// <summary>The durations and limits of a spec in plain words: what the times of a story come from.</summary>
internal static class Terms
{
    private const int Width = 118;

    /// <summary>A space at which no line is broken.</summary>
    private const char Unbroken = '\u00a0';

    /// <summary>How long each device takes to change.</summary>
    public static readonly TimeSpan Applying = TimeSpan.FromSeconds(20);

    /// <summary>How often the operator looks while devices change.</summary>
    public static readonly TimeSpan LookActive = TimeSpan.FromSeconds(15);

    /// <summary>How often the operator looks while none does.</summary>
    public static readonly TimeSpan LookIdle = TimeSpan.FromMinutes(1);

    /// <summary>The lines that say them.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="device">What a device is called.</param>
    /// <param name="hasErrors">Whether a device reports an error in the story.</param>
    public static IEnumerable<string> Of(JsonObject spec, string device, bool hasErrors)
    {
        var health = spec["health"]!.AsObject();
        string[] sentences =
        [
            $"Each {device} takes {In(Applying)} to change and counts as updated when it has run for {In(health["confirm"])} more "
                + "(confirm); on the way back it counts once it has changed.",
            $"At first only one goes, until one counts; then {Limits(spec["limits"] as JsonObject ?? [])}.",
            Steps(spec["rollout"] as JsonObject ?? [], device),
            hasErrors ? Failures(health, spec["failurePolicy"] as JsonObject ?? []) : "",
            health["lostAfter"] is { } lost
                ? $"A {device} that goes dark after it was told is lost {In(lost)} later (lostAfter)."
                : "",
            $"The operator looks every {In(LookActive)} while a {device} changes, else every {In(LookIdle)}.",
        ];
        return Wrapped(string.Join(' ', sentences.Where(sentence => sentence.Length > 0)));
    }

    private static string Limits(JsonObject limits)
    {
        var away = limits["maxUnavailable"]?.ToString() switch
        {
            null => $"one is away at a time, or {Percent("10%")} where that is more (maxUnavailable, its default)",
            "100%" => $"all may be away at once (maxUnavailable {Percent("100%")})",
            "1" => "one is away at a time (maxUnavailable)",
            var most => $"at most {Percent(most)} are away at once (maxUnavailable)",
        };
        var group = limits["perGroup"] is { } each
            ? $", of a {each["tag"]} at most {each["maxUnavailable"]} (perGroup)"
            : "";
        var minute = limits["perMinute"] is { } told
            ? $", and at most {told} are told within a minute (perMinute)"
            : "";
        return $"{away}{group}{minute}";
    }

    private static string Steps(JsonObject rollout, string device) =>
        rollout["ramp"] is { } ramp
            ? $"Each step is {ramp["factor"]} times the one before, from {Percent($"{ramp["start"]}%")} on, and is held for "
                + $"{In(ramp["soak"])} (soak)."
        : rollout["steps"] is JsonArray steps
            ? $"Steps, and how long each is held (soak): {string.Join("; ", steps.Select(step => Step(step!.AsObject(), device)))}. "
                + "What is counted in a step includes the steps before."
        : "";

    private static string Step(JsonObject step, string device)
    {
        var size =
            step["count"] is { } count ? (count.ToString() == "1" ? $"one {device}" : $"{count} {device}s")
            : step["percentage"] is { } share ? $"{(share.ToString() == "100" ? "" : "up to ")}{Percent($"{share}%")}"
            : step["deviceTags"] is JsonObject tags
                ? $"all with {string.Join(", ", tags.Select(tag => $"{tag.Key}={tag.Value}"))}"
            : "all others";
        var soak = step["soak"] is { } held ? $", {In(held)}" : "";
        var approval = step["approval"] is null ? "" : ", then an approval";
        return $"{step["name"]}, {size}{soak}{approval}";
    }

    private static string Failures(JsonObject health, JsonObject policy)
    {
        var allowed =
            policy["tolerance"] is { } rate ? $"a rate of {Percent(rate.ToString())} is tolerated (tolerance)"
            : policy["maxFailures"] is { } most ? $"at most {most} may fail (maxFailures)"
            : "none may fail (maxFailures 0, the default)";
        return $"An error that lasts for {In(health["retryGrace"] ?? "30s")} is a failure (retryGrace), and {allowed}.";
    }

    private static string Percent(string text) => text.Replace("%", $"{Unbroken}%", StringComparison.Ordinal);

    private static string In(JsonNode? duration)
    {
        Assert.True(Api.Durations.TryParse(duration!.ToString(), out var span));
        return In(span);
    }

    /// <summary>As <c>30 s</c>, <c>10 min</c>, <c>2 h</c>.</summary>
    private static string In(TimeSpan span) =>
        span < TimeSpan.FromMinutes(1) ? $"{span.TotalSeconds:0}{Unbroken}s"
        : span < TimeSpan.FromHours(1) ? $"{span.TotalMinutes:0}{Unbroken}min"
        : $"{span.TotalHours:0}{Unbroken}h";

    private static IEnumerable<string> Wrapped(string text)
    {
        var lines = new List<string> { "" };
        foreach (var word in text.Split(' '))
        {
            if (lines[^1].Length + word.Length >= Width)
            {
                lines.Add("");
            }

            lines[^1] += lines[^1].Length == 0 ? word : $" {word}";
        }

        return lines.Select(line => line.Replace(Unbroken, ' '));
    }
}

using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>One entry of a bundle's log.</summary>
internal sealed record BundleEntry(bool IsBuild, DateTimeOffset At)
{
    public string? SourceType { get; init; }

    public string? SourceId { get; init; }

    public string? UpdateType { get; init; }

    /// <summary>The flow that was scheduled; null when it was none alone.</summary>
    public DeviceId? Flow { get; init; }

    public string? Version { get; init; }

    /// <summary>The bundle that was built, loaded or tried; null for none.</summary>
    public string? Bundle { get; init; }

    public string? Error { get; init; }
}

/// <summary>Reads the log of an embedded deployment. An entry without date or type says nothing.</summary>
internal static class BundleLogReader
{
    /// <summary>Reads the entries from the member's name, in the order of the answer.</summary>
    public static void Read(ref Utf8JsonReader json, Words words, List<BundleEntry> log)
    {
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return;
        }

        while (json.NextElement())
        {
            json.RequireObject();
            if (Entry(ref json, words) is { } entry)
            {
                log.Add(entry);
            }
        }
    }

    /// <summary>The entries newest first. Their order is not documented: between equal dates that of the others
    /// counts.</summary>
    public static IReadOnlyList<BundleEntry> NewestFirst(List<BundleEntry> log)
    {
        for (var i = 1; i < log.Count; i++)
        {
            if (log[i].At > log[i - 1].At)
            {
                log.Reverse();
                break;
            }
        }

        return [.. log.OrderByDescending(entry => entry.At)];
    }

    /// <summary>The name of a bundle; null for none, which Losant spells <c>nullVersion</c>.</summary>
    public static string? Name(ref Utf8JsonReader json, Words words) =>
        json.Text(words) is { } name && name != "nullVersion" ? name : null;

    private static BundleEntry? Entry(ref Utf8JsonReader json, Words words)
    {
        var entry = new BundleEntry(false, default);
        string? change = null;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("changeType"u8))
            {
                change = json.Text(words);
            }
            else if (json.ValueTextEquals("date"u8))
            {
                entry = entry with { At = json.Date() ?? default };
            }
            else
            {
                entry = Member(ref json, words, entry);
            }
        }

        return entry.At == default ? null
            : change == "desired" ? entry with { IsBuild = true }
            : change == "current" ? entry
            : null;
    }

    private static BundleEntry Member(ref Utf8JsonReader json, Words words, BundleEntry entry)
    {
        if (json.ValueTextEquals("sourceType"u8))
        {
            return entry with { SourceType = json.Text(words) };
        }

        if (json.ValueTextEquals("sourceId"u8))
        {
            return entry with { SourceId = json.Text(words) };
        }

        if (json.ValueTextEquals("updateType"u8))
        {
            return entry with { UpdateType = json.Text(words) };
        }

        if (json.ValueTextEquals("updateFlowId"u8))
        {
            return entry with { Flow = json.Id() };
        }

        if (json.ValueTextEquals("desiredVersion"u8))
        {
            return entry with { Version = json.Text(words) };
        }

        if (json.ValueTextEquals("newBundle"u8) || json.ValueTextEquals("attemptedBundle"u8))
        {
            return entry with { Bundle = Name(ref json, words) ?? entry.Bundle };
        }

        if (json.ValueTextEquals("error"u8))
        {
            return entry with { Error = json.ErrorText(words) };
        }

        json.Pass();
        return entry;
    }
}

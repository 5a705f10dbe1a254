using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Reads the switches of <see cref="LosantUnknowns"/> from JSON: the same names with a small first letter,
/// values of enumerations too, durations as <c>1m30s</c>.</summary>
public static class UnknownsFile
{
    /// <summary>The switches that an object names, and the defaults of the others.</summary>
    /// <param name="text">An object, UTF-8.</param>
    /// <returns>The switches.</returns>
    /// <exception cref="FormatException">A name is unknown, or a value not one of its kind.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static LosantUnknowns Parse(byte[] text)
    {
        using var document = JsonDocument.Parse(text);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("the unknowns are an object");
        }

        var unknowns = new LosantUnknowns();
        foreach (var member in document.RootElement.EnumerateObject())
        {
            try
            {
                unknowns = With(unknowns, member.Name, member.Value);
            }
            catch (InvalidOperationException wrong)
            {
                throw new FormatException($"the unknown {member.Name}: {wrong.Message}", wrong);
            }
        }

        return unknowns;
    }

    private static LosantUnknowns With(LosantUnknowns before, string name, JsonElement value) =>
        name switch
        {
            "maxPerPage" => before with { MaxPerPage = Count(value) },
            "refusesLargePages" => before with { RefusesLargePages = value.GetBoolean() },
            "releaseWithoutTargets" => before with { ReleaseWithoutTargets = Choice<Untargeted>(value) },
            "strangeDeviceIds" => before with { StrangeDeviceIds = Choice<Tolerance>(value) },
            "unknownVersion" => before with { UnknownVersion = Choice<Tolerance>(value) },
            "wrongFlowClass" => before with { WrongFlowClass = Choice<Tolerance>(value) },
            "removeWithoutTargets" => before with { RemoveWithoutTargets = Choice<Untargeted>(value) },
            "replaceMatches" => before with { ReplaceMatches = Choice<ReplaceMatch>(value) },
            "tagFilter" => before with { TagFilter = Choice<Combination>(value) },
            "deviceTags" => before with { DeviceTags = Choice<Combination>(value) },
            "logRetention" => before with { LogRetention = Count(value) },
            "logsOldestFirst" => before with { LogsOldestFirst = value.GetBoolean() },
            "retryAfter" => before with { RetryAfter = Span(value) },
            "missingTokenIsUnauthorized" => before with { MissingTokenIsUnauthorized = value.GetBoolean() },
            "wrongApplicationIsNotFound" => before with { WrongApplicationIsNotFound = value.GetBoolean() },
            "developCanBeReleased" => before with { DevelopCanBeReleased = value.GetBoolean() },
            "repeatedReleaseLogs" => before with { RepeatedReleaseLogs = value.GetBoolean() },
            "republishRedeploys" => before with { RepublishRedeploys = value.GetBoolean() },
            "republishKeepsId" => before with { RepublishKeepsId = value.GetBoolean() },
            "rowsVisibleAfter" => before with { RowsVisibleAfter = Span(value) },
            "filterEmptyFalseFilters" => before with { FilterEmptyFalseFilters = value.GetBoolean() },
            "versionsIgnoreCase" => before with { VersionsIgnoreCase = value.GetBoolean() },
            "dateHeader" => before with { DateHeader = value.GetBoolean() },
            "reportsChangeLastUpdated" => before with { ReportsChangeLastUpdated = value.GetBoolean() },
            "connectionsChangeLastUpdated" => before with { ConnectionsChangeLastUpdated = value.GetBoolean() },
            "listsRowsOfDeletedDevices" => before with { ListsRowsOfDeletedDevices = value.GetBoolean() },
            "etags" => before with { Etags = value.GetBoolean() },
            "omitsNulls" => before with { OmitsNulls = value.GetBoolean() },
            _ => WithBundles(before, name, value),
        };

    private static LosantUnknowns WithBundles(LosantUnknowns before, string name, JsonElement value) =>
        name switch
        {
            "deviceChangesRebuildBundles" => before with { DeviceChangesRebuildBundles = value.GetBoolean() },
            "unknownBundleIsReplaced" => before with { UnknownBundleIsReplaced = value.GetBoolean() },
            "noBundleIsNull" => before with { NoBundleIsNull = value.GetBoolean() },
            "removedFlowsVanish" => before with { RemovedFlowsVanish = value.GetBoolean() },
            "exportWithoutId" => before with { ExportWithoutId = Choice<Tolerance>(value) },
            _ => throw new FormatException($"no unknown is named {name}"),
        };

    private static int Count(JsonElement value) =>
        value.GetInt32() is > 0 and var count ? count : throw new FormatException("a number of rows is at least 1");

    private static TimeSpan Span(JsonElement value) =>
        Durations.Parse(value.GetString() ?? throw new FormatException("a duration is a text as 1m30s"));

    private static T Choice<T>(JsonElement value)
        where T : struct, Enum
    {
        var text = value.GetString();
        foreach (var choice in Enum.GetValues<T>())
        {
            if (JsonNamingPolicy.CamelCase.ConvertName(choice.ToString()) == text)
            {
                return choice;
            }
        }

        throw new FormatException($"{typeof(T).Name} has no '{text}'");
    }
}

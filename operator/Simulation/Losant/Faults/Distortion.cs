using System.Text.Json.Nodes;

namespace EdgeRelease.Simulation;

/// <summary>Spoils the contents of a good answer.</summary>
internal static class Distortion
{
    /// <summary>Members that a reader cannot do without; a missing version or log is a legal answer.</summary>
    private static readonly string[] Needed =
    [
        "items",
        "totalCount",
        "id",
        "deviceId",
        "flowId",
        "applicationId",
        "deviceClass",
        "name",
        "version",
        "success",
    ];

    /// <summary>Members that a reader may do without but must not misread.</summary>
    private static readonly string[] Read =
    [
        .. Needed,
        "currentVersion",
        "desiredVersion",
        "currentEtag",
        "desiredEtag",
        "lastUpdated",
        "logs",
        "tags",
        "connectionInfo",
        "edgeAgentVersion",
        "minimumAgentVersion",
        "flowClass",
    ];

    private static readonly Spoiling[] Spoilings =
    [
        new(FaultKind.WrongType, Read, Retype),
        new(FaultKind.MissingFields, Needed, Drop),
    ];

    /// <summary>The body after what the strike does to it; the same array when it does nothing.</summary>
    public static byte[] Of(byte[] body, Strike strike)
    {
        foreach (var spoiling in Spoilings)
        {
            body = strike.Has(spoiling.Kind) ? Spoiled(body, strike, spoiling) : body;
        }

        return body.Length > 1 && strike.Takes(FaultKind.TruncatedJson)
            ? body[..strike.Random.Next(1, body.Length)]
            : body;
    }

    private static byte[] Spoiled(byte[] body, Strike strike, Spoiling spoiling)
    {
        var root = JsonNode.Parse(body)!.AsObject();
        var places = new List<(JsonObject Owner, string Key)>();
        Collect(root, places);
        if (root["items"] is JsonArray { Count: > 0 } items)
        {
            Collect(items[strike.Random.Next(items.Count)]!.AsObject(), places);
        }

        places.RemoveAll(place => !spoiling.Members.Contains(place.Key));
        if (places.Count == 0)
        {
            return body;
        }

        var (owner, member) = places[strike.Random.Next(places.Count)];
        spoiling.Change(owner, member);
        strike.Happened(spoiling.Kind);
        return System.Text.Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static void Collect(JsonObject owner, List<(JsonObject Owner, string Key)> places)
    {
        foreach (var member in owner)
        {
            places.Add((owner, member.Key));
        }
    }

    private static void Drop(JsonObject owner, string key) => owner.Remove(key);

    /// <summary>Numbers become text, everything else a number.</summary>
    private static void Retype(JsonObject owner, string key) =>
        owner[key] =
            owner[key]?.GetValueKind() == System.Text.Json.JsonValueKind.Number
                ? JsonValue.Create("not a number")
                : JsonValue.Create(17);

    /// <summary>What is done to one of the members.</summary>
    private sealed record Spoiling(FaultKind Kind, string[] Members, Action<JsonObject, string> Change);
}

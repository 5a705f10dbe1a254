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

    /// <summary>The body after what the strike does to it; the same array when it does nothing.</summary>
    public static byte[] Of(byte[] body, Strike strike)
    {
        if (strike.Has(FaultKind.WrongType))
        {
            body = WithOneMember(body, strike, FaultKind.WrongType, (_, _) => true, Retype);
        }

        if (strike.Has(FaultKind.MissingFields))
        {
            body = WithOneMember(body, strike, FaultKind.MissingFields, (_, key) => Needed.Contains(key), Drop);
        }

        return body.Length > 1 && strike.Takes(FaultKind.TruncatedJson)
            ? body[..strike.Random.Next(1, body.Length)]
            : body;
    }

    private static byte[] WithOneMember(
        byte[] body,
        Strike strike,
        FaultKind kind,
        Func<JsonObject, string, bool> fits,
        Action<JsonObject, string> change
    )
    {
        var root = JsonNode.Parse(body)!.AsObject();
        var places = new List<(JsonObject Owner, string Key)>();
        Collect(root, places);
        if (root["items"] is JsonArray { Count: > 0 } items)
        {
            Collect(items[strike.Random.Next(items.Count)]!.AsObject(), places);
        }

        places.RemoveAll(place => !fits(place.Owner, place.Key));
        if (places.Count == 0)
        {
            return body;
        }

        var (owner, member) = places[strike.Random.Next(places.Count)];
        change(owner, member);
        strike.Happened(kind);
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
}

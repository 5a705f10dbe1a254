using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads the devices of a page. Source: Losant schema device.</summary>
/// <param name="whenAbsent">The class of a row that names none: the one that was asked for.</param>
internal sealed class DeviceReader(DeviceClass whenAbsent)
{
    private readonly List<KeyValuePair<string, string>> pairs = [];

    /// <summary>Reads one device.</summary>
    public DeviceId Read(ref Utf8JsonReader json, Words words, out DeviceRow row)
    {
        row = new DeviceRow { Class = whenAbsent, Tags = TagSet.Empty };
        DeviceId? id = null;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("id"u8))
            {
                id = json.Id();
            }
            else if (json.ValueTextEquals("deviceClass"u8))
            {
                row = row with { Class = Class(ref json) };
            }
            else if (json.ValueTextEquals("edgeAgentVersion"u8))
            {
                row = row with { AgentVersion = json.Text(words) };
            }
            else if (json.ValueTextEquals("tags"u8))
            {
                row = row with { Tags = Tags(ref json, words) };
            }
            else if (json.ValueTextEquals("connectionInfo"u8))
            {
                var (connected, at) = Connection(ref json);
                row = row with { Connected = connected, ConnectionAt = at };
            }
            else
            {
                json.Pass();
            }
        }

        row = row with { Id = id ?? throw new UnreadableException("a device has no id") };
        return row.Id;
    }

    private DeviceClass Class(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType switch
        {
            JsonTokenType.Null => whenAbsent,
            JsonTokenType.String when json.ValueTextEquals("edgeCompute"u8) => DeviceClass.EdgeCompute,
            JsonTokenType.String when json.ValueTextEquals("embedded"u8) => DeviceClass.Embedded,
            JsonTokenType.String => DeviceClass.Other,
            _ => throw Json.WrongType(),
        };
    }

    private TagSet Tags(ref Utf8JsonReader json, Words words)
    {
        pairs.Clear();
        if (!json.Enter(JsonTokenType.StartArray))
        {
            return TagSet.Empty;
        }

        while (json.NextElement())
        {
            json.RequireObject();
            pairs.Add(Tag(ref json, words));
        }

        return words.TagsOf(CollectionsMarshal.AsSpan(pairs));
    }

    /// <summary>One tag. Without key or value it is unreadable: no selector may decide on half of the tags.</summary>
    private static KeyValuePair<string, string> Tag(ref Utf8JsonReader json, Words words)
    {
        string? key = null,
            value = null;
        while (json.NextMember())
        {
            if (json.ValueTextEquals("key"u8))
            {
                key = json.Text(words);
            }
            else if (json.ValueTextEquals("value"u8))
            {
                value = json.Text(words);
            }
            else
            {
                json.Pass();
            }
        }

        return key is not null && value is not null
            ? new KeyValuePair<string, string>(key, value)
            : throw new UnreadableException("a tag has no key or no value");
    }

    private static (bool Connected, DateTimeOffset? At) Connection(ref Utf8JsonReader json)
    {
        var connected = false;
        DateTimeOffset? at = null;
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return (false, null);
        }

        while (json.NextMember())
        {
            if (json.ValueTextEquals("time"u8))
            {
                at = json.Date();
            }
            else if (json.ValueTextEquals("connected"u8))
            {
                connected = json.Count() == 1;
            }
            else
            {
                json.Pass();
            }
        }

        return (connected, at);
    }
}

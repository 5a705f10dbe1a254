using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Api;

namespace EdgeRelease.Cli;

/// <summary>The form of what a command prints.</summary>
internal enum Form
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For people, with more columns.</summary>
    Wide,

    /// <summary>JSON, indented.</summary>
    Json,

    /// <summary>YAML.</summary>
    Yaml,
}

/// <summary>Prints documents for other programs.</summary>
internal static class Output
{
    private static readonly JsonWriterOptions Indented = new()
    {
        Indented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints a document in a form that is not for people.</summary>
    public static void Print(this Screen screen, JsonObject document, Form form)
    {
        screen.Out.Write(form == Form.Yaml ? YamlText.Of(document) : Json(document) + "\n");
        screen.Out.Flush();
    }

    /// <summary>Whether a form is for programs.</summary>
    public static bool IsDocument(this Form form) => form is Form.Json or Form.Yaml;

    /// <summary>A time as the API writes it; null for none.</summary>
    public static string? Text(this DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The members that have a value.</summary>
    public static JsonObject Document(params IEnumerable<(string Name, JsonNode? Value)> members)
    {
        var document = new JsonObject();
        foreach (var (name, value) in members.Where(member => member.Value is not null))
        {
            document[name] = value;
        }

        return document;
    }

    private static string Json(JsonObject document)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            document.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}

using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>Writes <c>_links</c>, which callers get unless they say <c>_links=false</c>.</summary>
internal static class Links
{
    /// <summary>Whether a call wants links.</summary>
    public static bool Wanted(Call call) => call.Query.Text("_links") != "false";

    /// <summary>The links of a collection: its application and itself.</summary>
    public static void OfCollection(Utf8JsonWriter writer, Call call) =>
        Write(writer, call, ("application", $"/applications/{call.Application.Id}"), ("self", call.RequestPath));

    /// <summary>The links of one thing: its application and itself, by its path below the application.</summary>
    public static void OfItem(Utf8JsonWriter writer, Call call, string path)
    {
        var application = $"/applications/{call.Application.Id}";
        Write(writer, call, ("application", application), ("self", $"{application}/{path}"));
    }

    private static void Write(Utf8JsonWriter writer, Call call, params (string Name, string Href)[] links)
    {
        if (!Wanted(call))
        {
            return;
        }

        writer.WriteStartObject("_links");
        foreach (var (name, href) in links)
        {
            writer.WriteStartObject(name);
            writer.WriteString("href", href);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}

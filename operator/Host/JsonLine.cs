using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace EdgeRelease.Host;

/// <summary>One JSON object a line: the event, its values, the message, the level, the time.</summary>
internal sealed class JsonLine() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "edgerelease";

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("event", logEntry.EventId.Name ?? logEntry.Category);
            Values(json, logEntry.State);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            json.WriteString("level", logEntry.LogLevel.ToString().ToLowerInvariant());
            json.WriteString("time", TimeProvider.System.GetUtcNow());
            if (logEntry.Exception is { } error)
            {
                json.WriteString("exception", error.ToString());
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static void Values<TState>(Utf8JsonWriter json, TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>> values)
        {
            return;
        }

        foreach (var (name, value) in values.Where(pair => pair.Key != "{OriginalFormat}"))
        {
            var member = JsonNamingPolicy.CamelCase.ConvertName(name);
            if (value is int number)
            {
                json.WriteNumber(member, number);
            }
            else
            {
                json.WriteString(member, value?.ToString());
            }
        }
    }
}

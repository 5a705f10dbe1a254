using System.Text;
using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Keeps one object for equal texts, tag sets and scheduling entries of a connection, so that 100,000 rows that
/// say the same take the room of one. Not safe for several threads: hold its lock while a page is read.</summary>
internal sealed class Words
{
    // The widest name of Losant has 255 characters; longer texts are rare and not worth keeping.
    private const int LongestKept = 256;
    private const int MostKept = 100_000;

    private readonly HashSet<string> texts = new(Utf8Comparer.Instance);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<byte>> textsByBytes;
    private readonly HashSet<TagSet> tagSets = new(TagComparer.Instance);
    private readonly Dictionary<(DateTimeOffset, string?, string?, string?), DesiredEntry> entries = [];

    /// <summary>A memory without words.</summary>
    public Words() => textsByBytes = texts.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The string at the reader.</summary>
    public string TextOf(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped || json.ValueSpan.Length > LongestKept)
        {
            return TextOf(json.GetString()!);
        }

        if (textsByBytes.TryGetValue(json.ValueSpan, out var known))
        {
            return known;
        }

        return TextOf(json.GetString()!);
    }

    /// <summary>The kept string that equals a text.</summary>
    public string TextOf(string text)
    {
        if (text.Length > LongestKept)
        {
            return text;
        }

        return texts.TryGetValue(text, out var known) ? known : Keep(texts, text);
    }

    /// <summary>The kept set that equals a list of tags.</summary>
    public TagSet TagsOf(List<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Count == 0)
        {
            return TagSet.Empty;
        }

        var probe = new TagSet(pairs);
        return tagSets.TryGetValue(probe, out var known) ? known : Keep(tagSets, new TagSet(pairs.ToArray()));
    }

    /// <summary>The kept entry that equals these values.</summary>
    public DesiredEntry EntryOf(DateTimeOffset at, string? value, string? sourceType, string? sourceId)
    {
        var key = (at, value, sourceType, sourceId);
        if (!entries.TryGetValue(key, out var known))
        {
            if (entries.Count >= MostKept)
            {
                entries.Clear();
            }

            entries[key] = known = new DesiredEntry(at, value, sourceType, sourceId);
        }

        return known;
    }

    private static T Keep<T>(HashSet<T> kept, T value)
    {
        // Forgetting all costs one scan of new objects; what is held elsewhere stays valid.
        if (kept.Count >= MostKept)
        {
            kept.Clear();
        }

        kept.Add(value);
        return value;
    }

    /// <summary>Ordinal equality of strings that can also be asked with the UTF-8 of a string.</summary>
    private sealed class Utf8Comparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
    {
        public static readonly Utf8Comparer Instance = new();

        public string Create(ReadOnlySpan<byte> alternate) => Encoding.UTF8.GetString(alternate);

        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public bool Equals(ReadOnlySpan<byte> alternate, string other)
        {
            Span<byte> bytes = stackalloc byte[3 * LongestKept];
            return Encoding.UTF8.TryGetBytes(other, bytes, out var length) && alternate.SequenceEqual(bytes[..length]);
        }

        public int GetHashCode(string obj)
        {
            Span<byte> bytes = stackalloc byte[3 * LongestKept];
            Encoding.UTF8.TryGetBytes(obj, bytes, out var length);
            return GetHashCode(bytes[..length]);
        }

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = new HashCode();
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }
    }

    /// <summary>Tag sets are equal when their pairs are, in order.</summary>
    private sealed class TagComparer : IEqualityComparer<TagSet>
    {
        public static readonly TagComparer Instance = new();

        public bool Equals(TagSet? x, TagSet? y) => x is not null && y is not null && x.Pairs.SequenceEqual(y.Pairs);

        public int GetHashCode(TagSet obj)
        {
            var hash = new HashCode();
            foreach (var (key, value) in obj.Pairs)
            {
                hash.Add(key);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}

using System.Text;
using System.Text.Json;
using EdgeRelease.Observation;
using Tag = System.Collections.Generic.KeyValuePair<string, string>;

namespace EdgeRelease.Losant;

/// <summary>Keeps one object for equal texts, tag sets and scheduling entries of a connection, so that 100,000 rows
/// that say the same take the room of one. Not safe for several threads: hold its lock while a page is read.</summary>
internal sealed class Words
{
    // The widest name of Losant has 255 characters; longer texts are rare and not worth keeping.
    private const int LongestKept = 256;
    private const int MostKept = 100_000;

    private readonly HashSet<string> texts = new(Utf8Comparer.Instance);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<byte>> textsByBytes;
    private readonly HashSet<TagSet> tagSets = new(TagComparer.Instance);
    private readonly HashSet<TagSet>.AlternateLookup<ReadOnlySpan<Tag>> tagSetsByTags;
    private readonly Dictionary<
        (DateTimeOffset, string?, string?, string?, bool, string?, string?),
        DesiredEntry
    > entries = [];

    /// <summary>A memory without words.</summary>
    public Words()
    {
        textsByBytes = texts.GetAlternateLookup<ReadOnlySpan<byte>>();
        tagSetsByTags = tagSets.GetAlternateLookup<ReadOnlySpan<Tag>>();
    }

    /// <summary>The string at the reader.</summary>
    public string TextOf(ref Utf8JsonReader json)
    {
        if (json.ValueIsEscaped || json.ValueSpan.Length > LongestKept)
        {
            return TextOf(json.GetString()!);
        }

        return textsByBytes.TryGetValue(json.ValueSpan, out var known) ? known : TextOf(json.GetString()!);
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
    public TagSet TagsOf(ReadOnlySpan<Tag> tags)
    {
        if (tags.IsEmpty)
        {
            return TagSet.Empty;
        }

        return tagSetsByTags.TryGetValue(tags, out var known)
            ? known
            : Keep(tagSets, TagComparer.Instance.Create(tags));
    }

    /// <summary>The kept entry that equals these values.</summary>
    public DesiredEntry EntryOf(
        DateTimeOffset at,
        string? value,
        (string? Type, string? Id) source,
        (bool IsTold, string? Value, string? Etag) previous
    )
    {
        var key = (at, value, source.Type, source.Id, previous.IsTold, previous.Value, previous.Etag);
        if (!entries.TryGetValue(key, out var known))
        {
            if (entries.Count >= MostKept)
            {
                entries.Clear();
            }

            entries[key] = known = new DesiredEntry(at, value, source.Type, source.Id)
            {
                TellsPrevious = previous.IsTold,
                Previous = previous.Value,
                PreviousEtag = previous.Etag,
            };
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
    private sealed class Utf8Comparer
        : IEqualityComparer<string>,
            IAlternateEqualityComparer<ReadOnlySpan<byte>, string>
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

    /// <summary>Tag sets are equal when their tags are, in order. All sets that are kept hold an array.</summary>
    private sealed class TagComparer : IEqualityComparer<TagSet>, IAlternateEqualityComparer<ReadOnlySpan<Tag>, TagSet>
    {
        public static readonly TagComparer Instance = new();

        public TagSet Create(ReadOnlySpan<Tag> alternate) => new(alternate.ToArray());

        public bool Equals(TagSet? x, TagSet? y) => x is not null && y is not null && Equals((Tag[])x.Pairs, y);

        public bool Equals(ReadOnlySpan<Tag> alternate, TagSet other)
        {
            var pairs = (Tag[])other.Pairs;
            var isEqual = alternate.Length == pairs.Length;
            for (var i = 0; isEqual && i < pairs.Length; i++)
            {
                // A pair's own equality boxes both sides.
                isEqual = alternate[i].Key == pairs[i].Key && alternate[i].Value == pairs[i].Value;
            }

            return isEqual;
        }

        public int GetHashCode(TagSet obj) => GetHashCode((Tag[])obj.Pairs);

        public int GetHashCode(ReadOnlySpan<Tag> alternate)
        {
            var hash = new HashCode();
            foreach (var (key, value) in alternate)
            {
                hash.Add(key);
                hash.Add(value);
            }

            return hash.ToHashCode();
        }
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>The API server's rules for lists: pages of one consistent version.</summary>
internal static class ObjectLists
{
    /// <summary>One page.</summary>
    /// <param name="store">The objects.</param>
    /// <param name="rules">The kind.</param>
    /// <param name="options">Where, how many, from where on.</param>
    /// <exception cref="ClusterException">400 for a token or selector that is none, 410 for a token too
    /// old.</exception>
    public static ResourcePage Page(ObjectStore store, KindRules rules, ListOptions options)
    {
        var token = Token.Parse(options.Continue) ?? new Token(store.Version, "");
        if (store.IsTooOld(token.Version))
        {
            throw Refusal.Gone(options.Continue!);
        }

        var selector = LabelSelector.Parse(options.LabelSelector);
        var prefix = options.Namespace is null ? "" : options.Namespace + "/";
        var rest = store
            .At(rules.Kind, token.Version)
            .Where(item => item.Key.StartsWith(prefix, StringComparison.Ordinal))
            .Where(item => string.CompareOrdinal(item.Key, token.LastPath) > 0)
            .Where(item => selector.Selects(item.Value));
        var page = options.Limit > 0 ? rest.Take(options.Limit + 1).ToList() : rest.ToList();
        var isCut = options.Limit > 0 && page.Count > options.Limit;
        if (isCut)
        {
            page.RemoveAt(options.Limit);
        }

        return new ResourcePage(
            [.. page.Select(item => Item(rules, item.Value))],
            token.Version.ToString(CultureInfo.InvariantCulture),
            isCut ? new Token(token.Version, page[^1].Key).Format() : null
        );
    }

    private static JsonElement Item(KindRules rules, JsonElement stored)
    {
        if (rules.IsCustom)
        {
            return stored;
        }

        var bare = JsonObject.Create(stored)!;
        bare.Remove("apiVersion");
        bare.Remove("kind");
        return ObjectJson.Element(bare);
    }

    private sealed record Token(long Version, string LastPath)
    {
        public static Token? Parse(string? text)
        {
            if (string.IsNullOrEmpty(text))
            {
                return null;
            }

            var bytes = new byte[text.Length];
            var parts = Convert.TryFromBase64String(text, bytes, out var length)
                ? Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 2)
                : [];
            return parts.Length == 2 && long.TryParse(parts[0], CultureInfo.InvariantCulture, out var version)
                ? new Token(version, parts[1])
                : throw Refusal.Invalid("continue key is not valid");
        }

        public string Format() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Version} {LastPath}"));
    }
}

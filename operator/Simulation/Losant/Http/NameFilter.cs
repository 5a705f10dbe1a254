namespace EdgeRelease.Simulation;

/// <summary>The plain filter of lists: a name with <c>*</c> for any text, whatever the case.</summary>
internal static class NameFilter
{
    /// <summary>Whether a name fits a call's <c>filter</c>; all do when <c>filterField</c> is absent.</summary>
    public static Predicate<string> Of(Call call)
    {
        if (call.Query.Text("filterField") is null || call.Query.Text("filter") is not { } pattern)
        {
            return _ => true;
        }

        var parts = pattern.Split('*');
        return name => Fits(name, parts);
    }

    private static bool Fits(string name, string[] parts)
    {
        if (parts.Length == 1)
        {
            return name.Equals(parts[0], StringComparison.OrdinalIgnoreCase);
        }

        if (!name.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var at = parts[0].Length;
        foreach (var part in parts[1..^1])
        {
            var found = name.IndexOf(part, at, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return name.Length - at >= parts[^1].Length && name.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase);
    }
}

namespace EdgeRelease.Api;

/// <summary>The generated files of the folder <c>crds</c>.</summary>
public static class CrdFiles
{
    /// <summary>The files by name: one CRD a kind and the field reference. Line breaks are LF.</summary>
    /// <exception cref="FileNotFoundException">The program was published without the docstrings of the contract.</exception>
    public static IReadOnlyDictionary<string, string> All()
    {
        var documents = CrdDocument.All();
        return documents
            .Select(document => KeyValuePair.Create($"{document.Kind.Plural}.yaml", document.ToYaml()))
            .Append(KeyValuePair.Create("README.md", FieldReference.Of(documents)))
            .ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Writes the files, over those that are there.</summary>
    /// <param name="directory">Where to; made when it does not exist.</param>
    /// <exception cref="FileNotFoundException">The program was published without the docstrings of the contract.</exception>
    public static void Write(string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var (name, text) in All())
        {
            File.WriteAllText(Path.Combine(directory, name), text);
        }
    }
}

using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace EdgeRelease.Api;

/// <summary>The summaries of the contract's types and members, which are the descriptions of the CRDs. The compiler
/// writes them to an XML file beside the assembly.</summary>
internal sealed partial class Docstrings
{
    private readonly Dictionary<string, string> summaries;

    private Docstrings(Dictionary<string, string> summaries) => this.summaries = summaries;

    /// <summary>Reads the file beside the running program.</summary>
    /// <exception cref="FileNotFoundException">The program was published without it.</exception>
    public static Docstrings Read()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "EdgeRelease.Api.xml");
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(
                $"cannot describe the fields: {path} is missing, run a built program",
                path
            );
        }

        return new Docstrings(
            XDocument
                .Load(path)
                .Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(
                    member => member.Attribute("name")!.Value,
                    member => Text(member.Element("summary")!),
                    StringComparer.Ordinal
                )
        );
    }

    /// <summary>The summary of a type.</summary>
    /// <param name="type">The type.</param>
    public string Of(Type type) => Find($"T:{type.FullName}");

    /// <summary>The summary of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public string Of(ApiKind kind) =>
        kind == ApiKind.Release ? Find($"F:{typeof(ApiKind).FullName}.{nameof(ApiKind.Release)}")
        : kind == ApiKind.Application ? Find($"F:{typeof(ApiKind).FullName}.{nameof(ApiKind.Application)}")
        : Find($"F:{typeof(ApiKind).FullName}.{nameof(ApiKind.Revision)}");

    /// <summary>The summary of a property.</summary>
    /// <param name="type">The type that declares it.</param>
    /// <param name="member">Its name in JSON.</param>
    public string Of(Type type, string member) =>
        Find($"P:{type.FullName}.{char.ToUpperInvariant(member[0])}{member[1..]}");

    private string Find(string id) =>
        summaries.TryGetValue(id, out var summary)
            ? summary
            : throw new InvalidOperationException($"cannot describe {id}: it has no summary");

    private static string Text(XElement summary)
    {
        var text = new StringBuilder();
        foreach (var node in summary.DescendantNodes().OfType<XText>())
        {
            text.Append(node.Parent!.Name == "c" ? $"`{node.Value}`" : node.Value);
        }

        return Space().Replace(text.ToString(), " ").Trim();
    }

    // Linear: a limit of wall time would only break on a busy machine.
    [GeneratedRegex("[ \r\n\t]+", RegexOptions.None, matchTimeoutMilliseconds: Timeout.Infinite)]
    private static partial Regex Space();
}

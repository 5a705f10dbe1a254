using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace EdgeRelease.Kubernetes;

/// <summary>One kubeconfig file as YAML nodes. Its relative paths begin at its directory.</summary>
internal sealed record KubeconfigFile(YamlMappingNode Root, string Directory)
{
    public string? CurrentContext => new KubeconfigEntry(Root, Directory).Text("current-context");

    public static KubeconfigFile Load(string path)
    {
        var yaml = new YamlStream();
        using (var reader = File.OpenText(path))
        {
            yaml.Load(reader);
        }
        var root = yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode as YamlMappingNode;
        return new KubeconfigFile(root ?? new YamlMappingNode(), Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>The mapping at <c>list[?name].member</c>; null when the file has none.</summary>
    public KubeconfigEntry? Find(string list, string member, string name)
    {
        if (!Root.Children.TryGetValue(list, out var node) || node is not YamlSequenceNode items)
        {
            return null;
        }
        var named = items
            .OfType<YamlMappingNode>()
            .Select(item => new KubeconfigEntry(item, Directory))
            .FirstOrDefault(item => string.Equals(item.Text("name"), name, StringComparison.Ordinal));
        return named is null ? null : named.Child(member) ?? new KubeconfigEntry(new YamlMappingNode(), Directory);
    }
}

/// <summary>One mapping of a kubeconfig.</summary>
internal sealed record KubeconfigEntry(YamlMappingNode Node, string Directory)
{
    /// <summary>A scalar; null when absent.</summary>
    public string? Text(string member) =>
        Node.Children.TryGetValue(member, out var value) ? (value as YamlScalarNode)?.Value : null;

    public bool Flag(string member) => string.Equals(Text(member), "true", StringComparison.OrdinalIgnoreCase);

    public KubeconfigEntry? Child(string member) =>
        Node.Children.TryGetValue(member, out var value) && value is YamlMappingNode mapping
            ? new KubeconfigEntry(mapping, Directory)
            : null;

    /// <summary>The items of a list; empty when absent.</summary>
    public IEnumerable<YamlNode> Items(string member) =>
        Node.Children.TryGetValue(member, out var value) && value is YamlSequenceNode items ? items : [];

    /// <summary>A path as seen from the file's directory.</summary>
    public string Resolved(string path) => Path.Combine(Directory, path);

    /// <summary>Certificates from <c>member-data</c> (base64 of PEM) or the file at <c>member</c>; null for neither.</summary>
    public X509Certificate2Collection? Certificates(string member)
    {
        if (Pem(member) is not { } pem)
        {
            return null;
        }
        var certificates = new X509Certificate2Collection();
        certificates.ImportFromPem(pem);
        return certificates;
    }

    /// <summary>The client certificate with its key; null without one.</summary>
    public X509Certificate2? ClientCertificate() =>
        Pem("client-certificate") is { } certificate && Pem("client-key") is { } key
            ? X509Certificate2.CreateFromPem(certificate, key)
            : null;

    private string? Pem(string member)
    {
        if (Text($"{member}-data") is { Length: > 0 } data)
        {
            return Encoding.UTF8.GetString(Convert.FromBase64String(data));
        }
        return Text(member) is { Length: > 0 } path ? File.ReadAllText(Resolved(path)) : null;
    }
}

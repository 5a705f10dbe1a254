namespace EdgeRelease.Simulation;

/// <summary>A flow (Losant's workflow) and its versions.</summary>
public sealed class SimulatedFlow
{
    private readonly SimulatedApplication application;
    private readonly OrderedById<SimulatedVersion> versions = new(version => version.Id);
    private int contents;

    internal SimulatedFlow(SimulatedApplication application, FlowSetup setup, string id)
    {
        this.application = application;
        Id = id;
        Name = setup.Name;
        FlowClass = setup.FlowClass;
        CreatedAt = application.Losant.Stamp;
        Develop = new SimulatedVersion(Id, "develop", NewEtag("develop"), CreatedAt);
    }

    /// <summary>24 hex digits.</summary>
    public string Id { get; }

    /// <summary>What people call it.</summary>
    public string Name { get; }

    /// <summary>edge, embedded, cloud, customNode or experience.</summary>
    public string FlowClass { get; }

    /// <summary>When it was made, in whole milliseconds.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>The published versions that exist, by rising id.</summary>
    public IReadOnlyList<SimulatedVersion> Versions => [.. versions.Items.Where(version => !version.Deleted)];

    /// <summary>The editable head, which is no published version.</summary>
    internal SimulatedVersion Develop { get; }

    /// <summary>Publishes a version.</summary>
    /// <param name="name">Its name: free text, not yet used in this flow.</param>
    /// <param name="minimumAgentVersion">The oldest agent that can run it, <c>x.y.z</c>; null when any can.</param>
    /// <returns>The version.</returns>
    public SimulatedVersion AddVersion(string name, string? minimumAgentVersion = null)
    {
        if (FindVersion(name) is not null)
        {
            throw new ArgumentException($"flow {Name} has a version {name}", nameof(name));
        }

        return Publish(name, minimumAgentVersion, application.Losant.Ids.Next());
    }

    /// <summary>Publishes other content under an existing name: another etag, and another id unless the switch
    /// <see cref="LosantUnknowns.RepublishKeepsId"/> is on.</summary>
    /// <param name="name">The name to use again.</param>
    /// <returns>The version that has the name now.</returns>
    public SimulatedVersion Republish(string name)
    {
        var old = Existing(name);
        application.Losant.Faults.Happened(FaultKind.VersionRepublished);
        if (application.Losant.Options.Unknowns.RepublishKeepsId)
        {
            old.Replace(NewEtag(old.Name), application.Losant.Stamp);
        }
        else
        {
            old.Deleted = true;
            old = Publish(old.Name, old.MinimumAgentVersion, application.Losant.Ids.Next());
        }

        if (application.Losant.Options.Unknowns.RepublishRedeploys)
        {
            application.Scheduling.Redeploy(this, old);
        }

        return old;
    }

    /// <summary>Deletes a version. Devices that have not taken it yet fail; the others keep it.</summary>
    /// <param name="name">The version's name.</param>
    public void DeleteVersion(string name) => Existing(name).Deleted = true;

    /// <summary>The version of this name; null when there is none.</summary>
    /// <param name="name">The name, compared as the switch <see cref="LosantUnknowns.VersionsIgnoreCase"/>
    /// says.</param>
    public SimulatedVersion? FindVersion(string name)
    {
        var comparison = application.Losant.Options.Unknowns.VersionsIgnoreCase
            ? StringComparison.OrdinalIgnoreCase
            : StringComparison.Ordinal;
        for (var index = versions.Items.Count - 1; index >= 0; index--)
        {
            var version = versions.Items[index];
            if (!version.Deleted && version.Name.Equals(name, comparison))
            {
                return version;
            }
        }

        return null;
    }

    /// <summary>The version that has the id or else the name; null when there is none.</summary>
    internal SimulatedVersion? FindVersionByIdOrName(string idOrName) =>
        versions.Find(idOrName) is { Deleted: false } version ? version : FindVersion(idOrName);

    private SimulatedVersion Existing(string name) =>
        FindVersion(name) ?? throw new ArgumentException($"flow {Name} has no version {name}", nameof(name));

    private SimulatedVersion Publish(string name, string? minimumAgentVersion, string id)
    {
        var version = new SimulatedVersion(id, name, NewEtag(name), application.Losant.Stamp)
        {
            MinimumAgentVersion = minimumAgentVersion,
        };
        versions.Add(version);
        return version;
    }

    private string NewEtag(string name) => $"\"{Id[^4..]}-{name.Length:x}{++contents:x4}\"";
}

/// <summary>What a flow is made from.</summary>
/// <param name="Name">What people call it.</param>
public sealed record FlowSetup(string Name)
{
    /// <summary>edge, embedded, cloud, customNode or experience. Default edge.</summary>
    public string FlowClass { get; init; } = "edge";

    /// <summary>24 lower-case hex digits; null lets the model choose.</summary>
    public string? Id { get; init; }
}

/// <summary>A published version of a flow.</summary>
public sealed class SimulatedVersion
{
    internal SimulatedVersion(string id, string name, string etag, DateTimeOffset at)
    {
        Id = id;
        Name = name;
        Etag = etag;
        CreatedAt = at;
        LastUpdated = at;
    }

    /// <summary>24 hex digits.</summary>
    public string Id { get; }

    /// <summary>Its name: free text.</summary>
    public string Name { get; }

    /// <summary>Its content tag; another content has another.</summary>
    public string Etag { get; private set; }

    /// <summary>The oldest agent that can run it, <c>x.y.z</c>; null when any can.</summary>
    public string? MinimumAgentVersion { get; internal init; }

    /// <summary>The custom nodes that its nodes run, each in a version. Default none.</summary>
    public IReadOnlyList<(SimulatedFlow Node, string Version)> CustomNodes { get; set; } = [];

    /// <summary>When it was published first, in whole milliseconds.</summary>
    public DateTimeOffset CreatedAt { get; }

    /// <summary>When it was published last, in whole milliseconds.</summary>
    public DateTimeOffset LastUpdated { get; private set; }

    /// <summary>Whether it is gone.</summary>
    public bool Deleted { get; internal set; }

    internal void Replace(string etag, DateTimeOffset at)
    {
        Etag = etag;
        LastUpdated = at;
    }
}

namespace EdgeRelease.Simulation;

/// <summary>One action of the API: where it is, what it takes, what it does.</summary>
internal sealed record Route(string Name, string Method, string Template, Func<Call, Answer> Act)
{
    private readonly string[] segments = Template.Split('/');

    /// <summary>The query parameters that are checked, in order; others are ignored.</summary>
    public Parameter[] Parameters { get; init; } = [];

    /// <summary>The shape of the body; null for none.</summary>
    public Shape? Body { get; init; }

    /// <summary>The body's word in messages.</summary>
    public string BodyName { get; init; } = "deployment";

    /// <summary>Whether the body may be missing.</summary>
    public bool IsBodyOptional { get; init; }

    /// <summary>Whether it changes what devices should run.</summary>
    public bool IsWrite => Body is not null && !IsBodyOptional;

    /// <summary>Whether it answers a page of rows.</summary>
    public bool IsList => Parameters.Length > 0;

    /// <summary>Whether its answer depends on states that have a history.</summary>
    public bool ShowsStates => !IsWrite && (Name.StartsWith("device", StringComparison.Ordinal) || IsOfDeployments);

    private bool IsOfDeployments => Method == "GET" && Name.Contains("Deployment", StringComparison.Ordinal);

    /// <summary>The values of the path's parameters by name; null when the path is another one.</summary>
    public Dictionary<string, string>? Match(string method, string[] path)
    {
        if (method != Method || path.Length != segments.Length)
        {
            return null;
        }

        for (var index = 0; index < path.Length; index++)
        {
            if (segments[index][0] != '{' && segments[index] != path[index])
            {
                return null;
            }
        }

        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var index = 0; index < path.Length; index++)
        {
            if (segments[index][0] == '{')
            {
                values[segments[index][1..^1]] = Uri.UnescapeDataString(path[index]);
            }
        }

        return values;
    }
}

/// <summary>A query parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Shape">What it must look like; null for any plain text.</param>
/// <param name="IsJson">Whether its text is JSON.</param>
internal sealed record Parameter(string Name, Shape? Shape = null, bool IsJson = false)
{
    /// <summary>What is wrong with the given value; null when nothing is or it is absent.</summary>
    public string? FaultIn(QueryText query)
    {
        if (!query.Has(Name))
        {
            return null;
        }

        if (IsJson)
        {
            return Parsed(query) is { } parsed ? Shape!.FaultOf(parsed, Name) : $"{Name} is the wrong type";
        }

        return Shape is not null ? Shape.FaultOf(query.Json(Name)!.Value, Name)
            : query.Text(Name) is null ? $"{Name} is the wrong type"
            : null;
    }

    /// <summary>The JSON value of the parameter; null when it is absent or no JSON.</summary>
    public System.Text.Json.JsonElement? Parsed(QueryText query)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(query.Text(Name) ?? "");
            return document.RootElement.Clone();
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}

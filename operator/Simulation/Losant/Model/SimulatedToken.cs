namespace EdgeRelease.Simulation;

/// <summary>A token that opens one application.</summary>
public sealed class SimulatedToken
{
    private readonly HashSet<string> scopes;

    internal SimulatedToken(SimulatedApplication application, TokenSetup setup)
    {
        Application = application;
        Id = application.Losant.Ids.Next();
        Text = setup.Text;
        ExpiresAt = setup.ExpiresAt;
        scopes = [.. setup.Scopes];
    }

    /// <summary>24 hex digits: the <c>sourceId</c> of what it schedules.</summary>
    public string Id { get; }

    /// <summary>What stands behind <c>Bearer</c>.</summary>
    public string Text { get; private set; }

    /// <summary>Whether it opens anything. Default true.</summary>
    public bool Active { get; set; } = true;

    /// <summary>When it stops to open; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; private set; }

    /// <summary>What it allows.</summary>
    public IReadOnlyCollection<string> Scopes => scopes;

    internal SimulatedApplication Application { get; }

    /// <summary>Ends the token now.</summary>
    public void Expire()
    {
        Application.Losant.Faults.Happened(FaultKind.TokenExpired);
        ExpiresAt = Application.Losant.Now;
    }

    /// <summary>Gives it another text: the old one is unknown from now on, and it has no end.</summary>
    /// <param name="text">The new text, not used by another token.</param>
    public void Rotate(string text)
    {
        Application.Losant.Faults.Happened(FaultKind.TokenRotated);
        Application.Losant.Forget(this);
        Text = text;
        ExpiresAt = null;
        Application.Losant.Add(this);
    }

    /// <summary>Whether the token allows an action, <c>resource.verb</c>.</summary>
    internal bool Allows(string action)
    {
        var dot = action.IndexOf('.', StringComparison.Ordinal);
        if (scopes.Contains(action) || scopes.Contains(string.Concat(action.AsSpan(0, dot), ".*")))
        {
            return true;
        }

        // Source: Losant's client, which lets a read-only token start exports.
        var reads = action.EndsWith(".get", StringComparison.Ordinal) || action == "embeddedDeployments.export";
        foreach (var owner in (ReadOnlySpan<string>)["all.Application", "all.Organization", "all.User"])
        {
            if (
                scopes.Contains(owner)
                || scopes.Contains(owner + ".bounded")
                || (reads && scopes.Contains(owner + ".read"))
            )
            {
                return true;
            }
        }

        return reads && action.StartsWith("device", StringComparison.Ordinal) && AllowsDeviceReads;
    }

    private bool AllowsDeviceReads => scopes.Contains("all.Device") || scopes.Contains("all.Device.read");
}

/// <summary>What a token is made from.</summary>
/// <param name="Text">What stands behind <c>Bearer</c>; any text without spaces.</param>
public sealed record TokenSetup(string Text)
{
    /// <summary>What it allows, in Losant's words. Default all.Application.</summary>
    public IReadOnlyCollection<string> Scopes { get; init; } = ["all.Application"];

    /// <summary>When it stops to open; null for never, the default.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

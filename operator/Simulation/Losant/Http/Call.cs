using System.Text.Json;

namespace EdgeRelease.Simulation;

/// <summary>One request on its way through the checks to its action.</summary>
internal sealed class Call(SimulatedLosant losant, Route route, Dictionary<string, string> path, Strike strike)
{
    private DateTimeOffset? readAt;

    public SimulatedLosant Losant => losant;

    public LosantUnknowns Unknowns => losant.Options.Unknowns;

    /// <summary>The request's number in the record.</summary>
    public required long Seq { get; init; }

    public Route Route => route;

    public Strike Strike => strike;

    /// <summary>The path as sent.</summary>
    public required string RequestPath { get; init; }

    public required QueryText Query { get; init; }

    /// <summary>The parsed body; null when there is none.</summary>
    public JsonElement? Body { get; init; }

    /// <summary>The token's application; set when access is granted.</summary>
    public SimulatedApplication Application { get; private set; } = null!;

    /// <summary>The token; set when access is granted.</summary>
    public SimulatedToken Token { get; private set; } = null!;

    /// <summary>The time whose state is read: now, or earlier for a stale read.</summary>
    public DateTimeOffset ReadAt =>
        readAt ??= strike.Takes(FaultKind.StaleRead) ? losant.Now - strike.DelayOf(FaultKind.StaleRead) : losant.Now;

    /// <summary>A value of the path.</summary>
    public string Path(string name) => path[name];

    /// <summary>What is wrong with path, query or body; null when nothing is.</summary>
    public Answer? CheckShape()
    {
        try
        {
            return Misshapen();
        }
        catch (InvalidOperationException)
        {
            // So JsonElement says that an escape names half of a character.
            return Answer.Invalid("a text is not Unicode");
        }
    }

    private Answer? Misshapen()
    {
        foreach (var (name, value) in path)
        {
            if (name == "flowVersionId" ? value.Length is 0 or > 255 : !ObjectIds.IsObjectId(value))
            {
                return Answer.Invalid($"{name} pattern mismatch");
            }
        }

        foreach (var parameter in route.Parameters)
        {
            if (parameter.FaultIn(Query) is { } fault)
            {
                return Answer.Invalid(fault);
            }
        }

        return route.Body is null || (Body is null && route.IsBodyOptional) ? null
            : Body is not { } body ? Answer.Invalid($"{route.BodyName} is required")
            : route.Body.FaultOf(body, route.BodyName) is { } wrong ? Answer.Invalid(wrong)
            : null;
    }

    /// <summary>Why the token does not open this action; null when it does.</summary>
    public Answer? CheckAccess(string? tokenText)
    {
        if (tokenText is null)
        {
            return Unknowns.MissingTokenIsUnauthorized ? Answer.Unauthorized("Unauthorized") : Answer.Forbidden;
        }

        if (losant.FindToken(tokenText) is not { } token)
        {
            return Answer.Unauthorized("Invalid access token");
        }

        if (token.ExpiresAt <= losant.Now)
        {
            return Answer.Unauthorized("Access token has expired");
        }

        if (!token.Active)
        {
            return Answer.Unauthorized("Unauthorized");
        }

        Token = token;
        Application = token.Application;
        return !token.Allows(route.Name) ? Answer.Forbidden
            : token.Application.Id.Equals(Path("applicationId"), StringComparison.OrdinalIgnoreCase) ? null
            : Unknowns.WrongApplicationIsNotFound ? Answer.NotFound("Application")
            : Answer.Forbidden;
    }
}

using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Controller;
using EdgeRelease.Losant;

namespace EdgeRelease.Cli;

/// <summary>What Losant says to the token of each application.</summary>
internal sealed class LosantFindings(Lookout lookout, TimeProvider time)
{
    private const string Nobody = "000000000000000000000000";
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(1);

    public async Task<IReadOnlyList<Finding>> OfAsync(CancellationToken cancel)
    {
        var findings = new List<Finding>();
        var uses = (await lookout.ListAsync(Kinds.Release, cancel)).Select(BoardUse.Of).ToList();
        foreach (var json in await lookout.ListAsync(Kinds.Application, cancel))
        {
            try
            {
                var application = ApplicationObject.Of(json);
                var use = BoardUse.Of(uses, application.Meta.Name);
                findings.AddRange(await ApplicationAsync(application, use, cancel));
            }
            catch (JsonException e)
            {
                findings.Add(new Finding("LosantApplication", false, $"cannot be read: {e.Message}"));
            }
        }

        return findings.Count > 0
            ? findings
            : [new Finding("LosantApplication", false, "there is none in this namespace: create one")];
    }

    private async Task<IReadOnlyList<Finding>> ApplicationAsync(
        ApplicationObject application,
        BoardUse use,
        CancellationToken cancel
    )
    {
        var name = application.Meta.Name;
        using var connector = lookout.Connector();
        try
        {
            var (losant, missing) = await lookout.OpenAsync(connector, application, cancel);
            if (losant is null)
            {
                return [new Finding(name, false, missing!)];
            }

            var findings = new List<Finding> { await ReachedAsync(name, application, losant, cancel) };
            if (losant.Now is { } now)
            {
                findings.Add(Clock(name, now));
                findings.AddRange(await ScopesAsync(name, losant, now, cancel));
                findings.AddRange(await BoardScopesAsync(name, losant, now, use, cancel));
            }

            return findings;
        }
        catch (LosantException e)
        {
            return [new Finding(name, false, Lookout.Refused(e).Message)];
        }
        catch (KubectlException e)
        {
            return [new Finding(name, false, e.Message)];
        }
    }

    private static async Task<Finding> ReachedAsync(
        string name,
        ApplicationObject application,
        ILosant losant,
        CancellationToken cancel
    )
    {
        var where = $"{application.Spec.ApplicationId} at {application.Spec.ApiUrl}";
        try
        {
            return await losant.FindApplicationAsync(cancel) is { } found
                ? new Finding($"{name}: application.get", true, $"{found.Name} ({where})")
                : new Finding(
                    $"{name}: application.get",
                    false,
                    $"there is no application {where}: create the LosantApplication anew with the right applicationId"
                );
        }
        catch (LosantException e)
        {
            return Refused($"{name}: application.get", e);
        }
    }

    private Finding Clock(string name, DateTimeOffset now)
    {
        var skew = now - time.GetUtcNow();
        var text =
            $"Losant's clock is {Math.Abs(skew.TotalSeconds):0} s {(skew < TimeSpan.Zero ? "behind" : "ahead of")} this machine's";
        return skew.Duration() <= MostSkew
            ? new Finding($"{name}: clock", true, text)
            : new Finding($"{name}: clock", null, $"{text}: set this machine's; rollouts go by Losant's");
    }

    private static async Task<IReadOnlyList<Finding>> ScopesAsync(
        string name,
        ILosant losant,
        DateTimeOffset now,
        CancellationToken cancel
    )
    {
        (string Scope, Func<Task> Try)[] scopes =
        [
            ("devices.get", () => losant.FindDevicesAsync([Observation.DeviceId.Parse(Nobody)], cancel)),
            ("flows.get", () => losant.FindFlowsAsync("edgerelease-doctor", cancel)),
            ("flow.get", () => losant.FindFlowsAsync(Nobody, cancel)),
            ("flowVersions.get", () => losant.FindVersionAsync(Nobody, "edgerelease-doctor", cancel)),
            ("edgeDeployments.get", () => losant.ChangedDeploymentsAsync(now, cancel)),
        ];
        var findings = new List<Finding>();
        foreach (var (scope, tried) in scopes)
        {
            findings.Add(await TriedAsync($"{name}: {scope}", tried));
        }

        return [.. findings, Untried($"{name}: edgeDeployments.release")];
    }

    /// <summary>The scopes for microcontrollers: what is missing is a fault only where a release needs it.</summary>
    private static async Task<IReadOnlyList<Finding>> BoardScopesAsync(
        string name,
        ILosant losant,
        DateTimeOffset now,
        BoardUse use,
        CancellationToken cancel
    )
    {
        var get = await TriedAsync(
            $"{name}: embeddedDeployments.get",
            () => losant.ChangedBundlesAsync([], now, cancel)
        );
        if (!use.Releases && get.IsWell == false)
        {
            get = get with
            {
                IsWell = null,
                Text = $"{get.Text} before you release to microcontrollers; no release here does",
            };
        }

        IEnumerable<Finding> writes =
        [
            .. use.Releases ? [Untried($"{name}: embeddedDeployments.release")] : Array.Empty<Finding>(),
            .. use.Exports
                ? [Untried($"{name}: embeddedDeployments.export"), Unread($"{name}: embeddedDeployment.get")]
                : Array.Empty<Finding>(),
        ];
        return [get, .. writes];
    }

    private static Finding Untried(string what) =>
        new(what, null, "not tried: it would change something; the token needs it");

    private static Finding Unread(string what) =>
        new(what, null, "not tried: it takes a microcontroller to read; the token needs it");

    /// <summary>The scope is looked at before what is asked for: that there is no such flow shows that it is there.</summary>
    private static async Task<Finding> TriedAsync(string what, Func<Task> tried)
    {
        try
        {
            await tried();
            return new Finding(what, true, "allowed");
        }
        catch (LosantException e) when (e.Reason == LosantReason.NotFound)
        {
            return new Finding(what, true, "allowed");
        }
        catch (LosantException e)
        {
            return Refused(what, e);
        }
    }

    private static Finding Refused(string what, LosantException e) =>
        e.Status switch
        {
            401 => new Finding(what, false, "the token is unknown or expired: put a new one into the Secret"),
            403 => new Finding(what, false, "the token lacks this scope: make a token that has it"),
            _ => new Finding(what, e.Reason == LosantReason.HostNotAllowed ? false : null, Lookout.Refused(e).Message),
        };
}

/// <summary>What the releases of a namespace do with microcontrollers.</summary>
/// <param name="Application">The LosantApplication that a release names; null for the only one.</param>
/// <param name="Releases">Whether an embedded flow is released.</param>
/// <param name="Exports">Whether its bundle is also asked for.</param>
internal sealed record BoardUse(string? Application, bool Releases, bool Exports)
{
    /// <summary>Of one release; of nothing where it cannot be read.</summary>
    public static BoardUse Of(JsonElement json)
    {
        try
        {
            var release = ReleaseObject.Of(json);
            var isEmbedded = release.Status?.Flow?.Class == "embedded" || release.Spec.Embedded != new EmbeddedSpec();
            return new BoardUse(release.Spec.Application, isEmbedded, release.Spec.Embedded.ExportCanary is not null);
        }
        catch (JsonException)
        {
            return new BoardUse(null, false, false);
        }
    }

    /// <summary>Of all that use an application.</summary>
    public static BoardUse Of(IEnumerable<BoardUse> all, string application)
    {
        var own = all.Where(use => use.Application is null || use.Application == application).ToList();
        return new BoardUse(application, own.Exists(use => use.Releases), own.Exists(use => use.Exports));
    }
}

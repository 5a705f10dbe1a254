using System.CommandLine;
using EdgeRelease.Api;
using EdgeRelease.Controller;

namespace EdgeRelease.Cli;

/// <summary>What a person asks of a release by an annotation that names its revision or gate: each is handled once, and one
/// that is no longer meant is ignored (F074, F077).</summary>
internal static class RequestCommands
{
    public static IEnumerable<Verb> Of(Frame frame) =>
        [
            Approve(frame),
            Revision(frame, Promoted),
            Pause(frame),
            Resume(frame),
            Revision(frame, Aborted),
            Revision(frame, Retried),
        ];

    private static readonly RevisionRequest Promoted = new(
        "promote",
        "Skips the soaks and approvals that the present revision still has; limits and failure policy stay.",
        Annotations.Promote,
        "goes on without soaks and approvals"
    )
    {
        IsOpen = status => status.Result is null,
    };

    private static readonly RevisionRequest Aborted = new(
        "abort",
        "Stops the present revision and rolls it back; its version is refused until a retry.",
        Annotations.Abort,
        "goes back to what each device ran before"
    )
    {
        IsOpen = status => status.Latch is null,
    };

    private static readonly RevisionRequest Retried = new(
        "retry",
        "Starts a new revision of the version that the present one tried.",
        Annotations.Retry,
        "is tried again as a new revision"
    );

    private static Verb Approve(Frame frame)
    {
        var name = frame.Release();
        var token = new Argument<string?>("TOKEN")
        {
            Description = "the token that the release shows; default: the one it waits for now",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Verb(
            "approve",
            "Lets a release through the gate that it waits at.",
            "approve line-monitor",
            "approve line-monitor r2-s1-7f3a9c"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var asked = Tokens.Wanted(release, parsed.GetValue(token));
                await cluster.AnnotateAsync(release, Annotations.Approve, asked, cancel);
                screen.Write($"{release.Meta.Name}: approved {asked}");
                return Exit.Reached;
            },
            name,
            token
        );
    }

    private static Verb Revision(Frame frame, RevisionRequest request)
    {
        var name = frame.Release();
        var revision = new Argument<string?>("REVISION")
        {
            Description =
                "the revision that is meant, as r8, so that another one is left alone; default: the present one",
            Arity = ArgumentArity.ZeroOrOne,
        };
        return new Verb(
            request.Verb,
            request.Description,
            $"{request.Verb} line-monitor",
            $"{request.Verb} line-monitor r8"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var asked = request.Value(release, parsed.GetValue(revision));
                await cluster.AnnotateAsync(release, request.Annotation, asked, cancel);
                screen.Write($"{release.Meta.Name}: {asked} {request.Effect}");
                return Exit.Reached;
            },
            name,
            revision
        );
    }

    private static Verb Pause(Frame frame)
    {
        var name = frame.Release();
        var reason = new Option<string>("--reason")
        {
            Description = "why, for those who look at the release",
            DefaultValueFactory = _ => "paused by kubectl edgerelease",
        };
        return new Verb(
            "pause",
            "Stops forward commands until resume; devices that failed still go back.",
            "pause line-monitor",
            "pause line-monitor --reason \"line 3 is being cleaned\""
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                await cluster.AnnotateAsync(release, Annotations.Paused, parsed.GetValue(reason), cancel);
                screen.Write($"{release.Meta.Name}: paused; go on with {Verb.Prefix}resume {release.Meta.Name}");
                return Exit.Reached;
            },
            name,
            reason
        );
    }

    private static Verb Resume(Frame frame)
    {
        var name = frame.Release();
        return new Verb(
            "resume",
            "Ends a pause by annotation or by policy; failures seen so far are accepted then.",
            "resume line-monitor"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var (annotation, value) = Tokens.Resuming(release);
                await cluster.AnnotateAsync(release, annotation, value, cancel);
                screen.Write($"{release.Meta.Name}: resumed");
                return Exit.Reached;
            },
            name
        );
    }
}

/// <summary>A request whose value names the present revision.</summary>
/// <param name="Verb">The command.</param>
/// <param name="Description">What it does, one sentence.</param>
/// <param name="Annotation">The annotation that carries it.</param>
/// <param name="Effect">What follows, after the revision's name.</param>
internal sealed record RevisionRequest(string Verb, string Description, string Annotation, string Effect)
{
    /// <summary>Whether the present revision can still be asked. Default always.</summary>
    public Func<EdgeReleaseStatus, bool> IsOpen { get; init; } = _ => true;

    /// <summary>The annotation's value.</summary>
    /// <param name="release">The release.</param>
    /// <param name="asked">The revision that the person meant; null for the present one.</param>
    /// <exception cref="CliException">The release has another revision, or none.</exception>
    public string Value(ReleaseObject release, string? asked)
    {
        var name = release.Meta.Name;
        if (release.Status is not { Revision: > 0 } status)
        {
            throw new CliException(
                $"{name} has no revision yet: wait until it has begun ({Cli.Verb.Prefix}get {name})"
            );
        }

        var present = $"r{status.Revision}";
        if (asked is not null && asked != present)
        {
            throw new CliException(
                $"{asked} is not the present revision of {name}: that is {present}; look at it first"
            );
        }

        return IsOpen(status)
            ? present
            : throw new CliException($"{present} of {name} is {status.Phase}: there is nothing to {Verb}");
    }
}

/// <summary>The tokens of gates and pauses.</summary>
internal static class Tokens
{
    /// <summary>The token to approve.</summary>
    /// <param name="release">The release.</param>
    /// <param name="asked">The one that the person gave; null for whichever is waited for.</param>
    /// <exception cref="CliException">The release waits for no token, or for another one.</exception>
    public static string Wanted(ReleaseObject release, string? asked)
    {
        var name = release.Meta.Name;
        if (release.Status?.WaitingFor?.Token is not { } token)
        {
            throw new CliException(
                $"{name} waits for no approval now, it is {release.Status?.Phase ?? Phase.Pending}: see {Verb.Prefix}get {name}"
            );
        }

        return asked is null || asked == token
            ? token
            : throw new CliException(
                $"{asked} is stale: {name} waits for {token} now; look at it, then approve that one"
            );
    }

    /// <summary>The change of annotations that ends a pause (rule 26).</summary>
    /// <exception cref="CliException">The pause stands in Git, or there is none.</exception>
    public static (string Annotation, string? Value) Resuming(ReleaseObject release)
    {
        var name = release.Meta.Name;
        if (release.Spec.Paused)
        {
            throw new CliException($"{name} is paused by spec.paused: set it to false in Git, where it was set");
        }

        if (release.Meta.Annotations.ContainsKey(Annotations.Paused))
        {
            return (Annotations.Paused, null);
        }

        return release.Status?.WaitingFor is { Kind: WaitingKind.Resume, Token: { } token }
            ? (Annotations.Approve, token)
            : throw new CliException(
                $"{name} is not paused, it is {release.Status?.Phase ?? Phase.Pending}: see {Verb.Prefix}get {name}"
            );
    }
}

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

    /// <summary>Also what a breach has taken back in part: a step, or who failed.</summary>
    internal static RevisionRequest Aborted { get; } =
        new(
            "abort",
            "Stops the present revision and rolls it back; its version is refused until a retry.",
            Annotations.Abort,
            "goes back to what each device ran before"
        )
        {
            IsOpen = status => status.Latch is not { Scope: RollbackScope.Release },
        };

    private static readonly RevisionRequest Retried = new(
        "retry",
        "Starts a new revision of the version that the present one tried.",
        Annotations.Retry,
        "is tried again as a new revision"
    );

    private static Verb Approve(Frame frame)
    {
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
        ).Asking(
            frame,
            (parsed, release) =>
            {
                var asked = Tokens.Wanted(release, parsed.GetValue(token));
                return new Asked(Annotations.Approve, asked, $"approved {asked}");
            },
            token
        );
    }

    private static Verb Revision(Frame frame, RevisionRequest request)
    {
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
        ).Asking(
            frame,
            (parsed, release) =>
            {
                var asked = request.Value(release, parsed.GetValue(revision));
                return new Asked(request.Annotation, asked, $"{asked} {request.Effect}");
            },
            revision
        );
    }

    private static Verb Pause(Frame frame)
    {
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
        ).Asking(
            frame,
            (parsed, release) =>
                new Asked(
                    Annotations.Paused,
                    parsed.GetValue(reason),
                    $"paused; go on with {Verb.Prefix}resume {release.Meta.Name}"
                ),
            reason
        );
    }

    private static Verb Resume(Frame frame) =>
        new Verb(
            "resume",
            "Ends a pause by annotation or by policy; failures seen so far are accepted then.",
            "resume line-monitor"
        ).Asking(
            frame,
            (_, release) =>
            {
                var (annotation, value) = Tokens.Resuming(release);
                return new Asked(annotation, value, "resumed");
            }
        );

    /// <summary>The command done: it reads the release, sets the annotation, and says what follows.</summary>
    private static Verb Asking(
        this Verb verb,
        Frame frame,
        Func<ParseResult, ReleaseObject, Asked> ask,
        params IEnumerable<Symbol> more
    )
    {
        var name = frame.Release();
        return verb.Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var asked = ask(parsed, release);
                await cluster.AnnotateAsync(release, asked.Annotation, asked.Value, cancel);
                screen.Write($"{release.Meta.Name}: {asked.Said}");
                return Exit.Reached;
            },
            [name, .. more]
        );
    }

    /// <summary>One annotation to set.</summary>
    /// <param name="Annotation">Which.</param>
    /// <param name="Value">Its value; null takes it away.</param>
    /// <param name="Said">What is said then.</param>
    private sealed record Asked(string Annotation, string? Value, string Said);
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

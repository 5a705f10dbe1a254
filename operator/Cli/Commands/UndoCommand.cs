using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using EdgeRelease.Controller;

namespace EdgeRelease.Cli;

/// <summary>Tells how the spec gets back to what an earlier revision brought (F073).</summary>
internal static class UndoCommand
{
    public static Verb Of(Frame frame)
    {
        var name = frame.Release();
        var revision = new Option<string?>("--to-revision")
        {
            Description =
                "the revision to go back to, as 6 or r6; default: what the operator suggests after a rollback",
            HelpName = "N",
        };
        var apply = new Option<bool>("--apply") { Description = "apply the patch; Git must follow, or it undoes this" };
        return new Verb(
            "undo",
            "Prints the patch of the spec that brings back what an earlier revision brought.",
            "undo line-monitor --to-revision 6",
            "undo line-monitor --to-revision 6 --apply"
        ).Doing(
            async (parsed, cancel) =>
            {
                var (screen, cluster) = (frame.Screen(parsed), frame.Cluster(parsed));
                var release = await cluster.ReleaseAsync(parsed.GetValue(name)!, cancel);
                var patch = Patch(release, parsed.GetValue(revision));
                if (!parsed.GetValue(apply))
                {
                    screen.Write(patch);
                    return Exit.Reached;
                }

                await cluster.PatchAsync(release, patch, cancel);
                screen.Write($"{release.Meta.Name}: applied {patch}; commit the same to Git");
                return Exit.Reached;
            },
            name,
            revision,
            apply
        );
    }

    /// <summary>The JSON merge patch.</summary>
    /// <param name="release">The release.</param>
    /// <param name="revision">The revision, as <c>6</c> or <c>r6</c>; null for the operator's suggestion.</param>
    /// <exception cref="CliException">There is no such revision or suggestion, or nothing to change.</exception>
    public static string Patch(ReleaseObject release, string? revision)
    {
        var name = release.Meta.Name;
        if (revision is null)
        {
            return release.Status?.SuggestedPatch
                ?? throw new CliException(
                    $"{name} suggests nothing to undo: name one with --to-revision ({Known(release)})"
                );
        }

        var past = int.TryParse(revision.TrimStart('r'), CultureInfo.InvariantCulture, out var number)
            ? release.Status?.History.FirstOrDefault(entry => entry.Revision == number)
            : null;
        if (past?.Version is not { } version)
        {
            throw new CliException($"{name} remembers no revision {revision}: {Known(release)}");
        }

        var isRemoval = version == "remove";
        var isSame = isRemoval ? release.Spec.Remove : !release.Spec.Remove && release.Spec.Version == version;
        if (isSame)
        {
            throw new CliException($"{name} asks for {version} already: there is nothing to change");
        }

        var spec = isRemoval
            ? new JsonObject { ["remove"] = true, ["version"] = null }
            : new JsonObject { ["version"] = version };
        if (!isRemoval && release.Spec.Remove)
        {
            spec["remove"] = null;
        }

        return new JsonObject { ["spec"] = spec }.ToJsonString();
    }

    private static string Known(ReleaseObject release)
    {
        var known = release.Status?.History.Select(entry => $"r{entry.Revision} {entry.Version}").ToList() ?? [];
        return known.Count == 0 ? "it has finished none yet" : $"it has {string.Join(", ", known)}";
    }
}

using System.Text.Json;
using EdgeRelease.Api;
using EdgeRelease.Kubernetes;
using EdgeRelease.Losant;
using EdgeRelease.Observation;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>The other releases of one flow of one application, in any namespace that is watched (rule 28).</summary>
/// <param name="accounts">Which application a release means.</param>
/// <param name="releases">The releases that are watched.</param>
/// <param name="read">Reads them.</param>
/// <param name="isValid">Whether a release's spec breaks no rule.</param>
public sealed class Claimants(
    Accounts accounts,
    ResourceStore releases,
    Readings<ReleaseObject> read,
    Func<ReleaseObject, bool> isValid
)
{
    /// <summary>The rivals of a release, strongest first.</summary>
    /// <param name="release">The release.</param>
    /// <param name="application">Its application.</param>
    /// <param name="flow">Its flow.</param>
    public IReadOnlyList<Rival> Of(ReleaseObject release, ApplicationObject application, PinnedFlow flow) =>
        ClaimOf(release)
            .Against(
                releases
                    .All.Where(pair =>
                        pair.Key != release.Key && FlowWords.Of(pair.Value).Any(word => Means(word, flow))
                    )
                    .Select(pair => read.Readable(pair.Key, pair.Value))
                    .OfType<ReleaseObject>()
                    .Where(other => IsSameFlow(other, application, flow))
                    .Select(ClaimOf)
            );

    /// <summary>Whether nobody's claim has changed since a pass was planned.</summary>
    /// <param name="pass">The pass.</param>
    public bool AreAsPlanned(Pass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Wanted is not { Account: { } application, Flow: { } flow, Release: { } planned }
            || Of(pass.Release, application, flow).Select(Word).SequenceEqual(planned.Rivals.Select(Word));
    }

    private static (string Mark, bool IsWeaker) Word(Rival rival) => (rival.Mark, rival.IsWeaker);

    private Claim ClaimOf(ReleaseObject release) =>
        new()
        {
            Name = release.Key.ToString(),
            Uid = release.Uid,
            Priority = release.Spec.Policy.Priority,
            CreatedAt = release.Meta.CreationTimestamp,
            IsMade =
                release.Meta.DeletionTimestamp is null
                && release.Spec.Policy.Mode == PolicyMode.Manage
                && isValid(release),
            Selection = new Selection(release.Spec) { Guard = GuardOf(release) },
            Generation = release.Meta.Generation,
        };

    private IReadOnlyDictionary<string, string> GuardOf(ReleaseObject release) =>
        accounts.Find(release).Found?.Spec.Guard.DeviceTags ?? new Dictionary<string, string>();

    /// <summary>Before a release is pinned to a flow its spec may name the flow either way.</summary>
    private bool IsSameFlow(ReleaseObject other, ApplicationObject application, PinnedFlow flow)
    {
        var (theirs, _) = accounts.Find(other);
        return theirs is not null
            && Accounts.IsSame(theirs.Spec, application.Spec)
            && Means(other.Status?.Flow?.Id ?? other.Spec.Flow, flow);
    }

    /// <summary>Whether a name or an id means a flow.</summary>
    internal static bool Means(string word, PinnedFlow flow) =>
        word == flow.Name || (DeviceId.TryParse(word, out var id) && id == DeviceId.Parse(flow.Id!));
}

/// <summary>The words by which a release object names its flow, without reading the whole object.</summary>
internal static class FlowWords
{
    public static IEnumerable<string> Of(JsonElement release)
    {
        if (Member(release, "spec") is { } spec && Text(spec, "flow") is { } asked)
        {
            yield return asked;
        }

        if (Member(release, "status") is { } status && Member(status, "flow") is { } pinned)
        {
            foreach (var word in new[] { Text(pinned, "id"), Text(pinned, "name") }.OfType<string>())
            {
                yield return word;
            }
        }
    }

    private static JsonElement? Member(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Object ? value : null;

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

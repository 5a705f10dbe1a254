using System.Collections.Frozen;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>What the words of <see cref="Standing.Reason"/> mean, for people.</summary>
public static class Standings
{
    private static readonly FrozenDictionary<string, string> Sentences = new Dictionary<string, string>
    {
        ["Confirmed"] = "it runs the version and has stayed good",
        ["Adopted"] = "it runs the version without having been told by this revision",
        ["Commanded"] = "it was told, and Losant does not show it yet",
        ["NotApplied"] = "Losant took the command and does not show it: it is told once more",
        ["NotAccepted"] = "Losant took the command twice and never scheduled it: a retry tries again",
        ["PendingByOthers"] = "somebody else told it to run the version: it counts when it does",
        ["Applying"] = "it was told and has not answered yet",
        ["Confirming"] = "it runs the version and has not been good for health.confirm yet",
        ["Failing"] = "it shows an error and may recover within health.retryGrace",
        ["Dark"] = "it went dark after the command and may return within health.lostAfter",
        ["Lost"] = "it went dark after the command and stayed dark",
        ["Failed"] = "it failed for good in this revision",
        ["RestoringToRetry"] = "it failed and goes back before it is tried again",
        ["Restoring"] = "it was told to go back and is not there yet",
        ["RestoreFailing"] = "it cannot go back to what it ran before and is told again ever more slowly",
        ["Restored"] = "it is back on what it ran before: a retry tries again",
        ["Superseded"] = "the revision before left it unsettled: it goes back first",
        ["Armed"] = "it was told while offline and takes the version when it connects",
        ["Offline"] = "it is offline: it is told when it connects",
        ["OfflineToArm"] = "it is offline: it is told when it connects, or while offline once the last step has passed",
        ["Waiting"] = "it may be told and has not been yet",
        ["Excluded"] = "spec.exclude takes it out",
        ["GuardRefused"] = "it lacks the tags that spec.guard of the LosantApplication asks for",
        ["WrongClass"] = "its device class cannot run flows of this class",
        ["UnknownBundle"] = "somebody loaded a bundle onto it by hand, which Losant does not know",
        ["BundleBusy"] = "something else is changing its bundle: it is told when that has settled",
        ["Confounded"] = "its bundle was built anew for something else meanwhile: it proves nothing about the version",
        ["OnDisk"] = "its agent loads the flow from its own disk",
        ["NotInstalled"] = "it does not have the flow, so there is nothing to remove",
        ["AgentUnknown"] = "its agent never reported its version, and the flow's version needs a minimum",
        ["AgentTooOld"] = "its agent is older than the flow's version needs",
        ["RowUnreadable"] = "Losant's list may lack its row: it counts when the list is whole",
        ["Left"] = "it was moved and no selector names it any more",
        ["VersionRepublished"] = "it shows other content under the version's name",
        ["RestoreUnknown"] = "the ledger and the log that say what it ran before are gone: it is left alone",
        ["ForeignWriter"] = "somebody else commanded it since: it is left alone",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Why a device is where it stands.</summary>
    internal static Explanation Explained(Plan plan, Device device)
    {
        var standing = device.Standing;
        if (standing.State == DeviceState.Conflicted)
        {
            return new Explanation("OwnedByAnother", $"it belongs to the release {standing.Reason}", null);
        }

        if (standing.Reason == "ForeignWriter" && plan.Scene is { } scene && Drift.MayBeCorrected(scene.Wanted, device))
        {
            const string soon =
                "somebody else commanded it since: it is told the version again when gates and limits allow";
            return new Explanation("ForeignWriter", soon, null);
        }

        if (standing.Reason == "Offline" && plan.Scene?.Wanted.Spec.Health.Offline == OfflinePolicy.ArmWhenProven)
        {
            return new Explanation("Offline", Sentence("OfflineToArm"), null);
        }

        var error = (standing.Error ?? standing.Busy) is { } words ? $": {words}" : "";
        return new Explanation(standing.Reason, $"{Sentence(standing.Reason)}{error}", Later(plan, standing.DueAt));
    }

    /// <summary>The sentence of a reason.</summary>
    /// <param name="reason">A word that standings use.</param>
    public static string Sentence(string reason) => Sentences.GetValueOrDefault(reason, reason);

    private static DateTimeOffset? Later(Plan plan, DateTimeOffset? due) => due > plan.Fleet!.At ? due : null;
}

namespace EdgeRelease.Planning;

/// <summary>Who may move now, and who does within the limits.</summary>
/// <param name="Due">Devices that wait to be sent.</param>
/// <param name="Sent">Those of them that the limits allow.</param>
internal sealed record Turn(IReadOnlyList<Device> Due, IReadOnlyList<Device> Sent)
{
    /// <summary>Whether the limits let nobody go.</summary>
    public bool IsHeld => Due.Count > 0 && Sent.Count == 0;

    /// <summary>What keeps the connected ones waiting until somebody acts; null when one goes, or will.</summary>
    public Budget? Stuck(Scene scene) =>
        Sent.Any(device => device.IsReachable) ? null : Budget.Of(scene, Due, ForwardWrites.HoldsForGood);
}

using EdgeRelease.Losant;
using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>The devices of an application as the last polls showed them.</summary>
internal sealed class DeviceView(ILosant losant, TimeProvider time, DeviceClass deviceClass)
{
    private readonly ShrinkGuard _guard = new();
    private readonly Dictionary<DeviceId, DeviceRow?> _strangers = [];
    private long? _scannedAt;
    private bool _isDoubtful;

    /// <summary>The devices of the class by rising id.</summary>
    public IReadOnlyList<DeviceRow> All { get; private set; } = [];

    /// <summary>False when devices are missing whose absence is not yet believed.</summary>
    public bool AreBelieved { get; private set; }

    /// <summary>The poll that read all devices last; null before the first.</summary>
    public Poll? ScannedIn { get; private set; }

    /// <summary>How far the changes were read.</summary>
    public Changes<DeviceId> Changes { get; } = new();

    /// <summary>The next look reads all devices: some may be gone.</summary>
    public void Doubt() => _isDoubtful = true;

    /// <summary>Reads what changed, or all where that will not do.</summary>
    /// <returns>Whether devices were found that were not known: theirs may be rows that did not change lately.</returns>
    public async Task<bool> RefreshAsync(Need need, Poll poll, CancellationToken cancel)
    {
        var isFull =
            need.IsFull
            || _isDoubtful
            || !AreBelieved
            || Changes is { IsBroken: true } or { Since: null }
            || _scannedAt is not { } at
            || time.GetElapsedTime(at) >= Poller.FullScan;
        if (isFull)
        {
            return await ScanAsync(need, poll, cancel);
        }

        var changed = await losant.ChangedDevicesAsync(deviceClass, Changes.Since!.Value, cancel);
        Changes.Listed(changed.Select(device => device.Id), poll.BeganAt);
        var hasJoined = changed.Any(device => Place(device.Id) < 0);
        if (changed.Any(device => !IsKnown(device)))
        {
            All = [.. changed.Concat(All).DistinctBy(device => device.Id).OrderBy(device => device.Id)];
        }

        return hasJoined;
    }

    private async Task<bool> ScanAsync(Need need, Poll poll, CancellationToken cancel)
    {
        var all = await losant.ScanDevicesAsync(deviceClass, cancel);
        var isFirst = _scannedAt is null;
        var hasJoined = !isFirst && all.Any(device => Place(device.Id) < 0);
        List<DeviceId> differing =
            isFirst || !AreBelieved ? [] : [.. all.Where(device => !IsKnown(device)).Select(device => device.Id)];
        Changes.Scanned(differing, poll.BeganAt);
        AreBelieved = _guard.Believes(all.Count, time.GetElapsedTime(0, poll.Stamp), need.Least);
        (All, _scannedAt, _isDoubtful, ScannedIn) = (all, time.GetTimestamp(), false, poll);
        _strangers.Clear();
        return hasJoined;
    }

    /// <summary>All devices, and named ones of other classes.</summary>
    public async Task<IReadOnlyList<DeviceRow>> WithAsync(IReadOnlyList<DeviceId> named, CancellationToken cancel)
    {
        var strangers = named.Where(id => Place(id) < 0).Distinct().Order().ToList();
        if (strangers.Count == 0)
        {
            return All;
        }

        var unread = strangers.FindAll(id => !_strangers.ContainsKey(id));
        var found = unread.Count == 0 ? [] : await losant.FindDevicesAsync(unread, cancel);
        foreach (var id in unread)
        {
            _strangers[id] = found
                .Where(device => device.Id == id)
                .Select(device => (DeviceRow?)device)
                .FirstOrDefault();
        }

        var there = strangers.Select(id => _strangers[id]).OfType<DeviceRow>();
        return [.. All.Concat(there).OrderBy(device => device.Id)];
    }

    private bool IsKnown(DeviceRow device) => Place(device.Id) is >= 0 and var place && IsSame(All[place], device);

    /// <summary>Where a device stands; less than 0 when it does not.</summary>
    private int Place(DeviceId id)
    {
        var (low, high) = (0, All.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = All[middle].Id.CompareTo(id);
            if (order == 0)
            {
                return middle;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        return -1;
    }

    private static bool IsSame(DeviceRow one, DeviceRow other) =>
        one with { Tags = other.Tags } == other && one.Tags.Pairs.SequenceEqual(other.Tags.Pairs);
}

namespace EdgeRelease.Tests.EndToEnd.Operator;

/// <summary>How a version spread over a fleet that did not run it, told from Losant's record.</summary>
internal sealed class Walk
{
    private readonly List<Batch> batches = [];

    /// <summary>Follows the changes.</summary>
    /// <param name="version">The version.</param>
    /// <param name="confirm">How long a device must run it to be confirmed.</param>
    /// <param name="changes">All changes since the start.</param>
    public Walk(string version, TimeSpan confirm, IEnumerable<Change> changes)
    {
        var moved = new HashSet<string>(StringComparer.Ordinal);
        var runningSince = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change is { Field: "current" } && change.To == version)
            {
                runningSince[change.Device] = change.At;
            }
            else if (change is { Field: "desired", Request: { } request } && change.To == version)
            {
                moved.Add(change.Device);
                var confirmed = runningSince.Values.Count(since => since + confirm <= change.At);
                Note(request, confirmed, moved.Count, change.Device);
            }
        }
    }

    /// <summary>The calls that moved devices towards the version.</summary>
    public IReadOnlyList<Batch> Batches => batches;

    private void Note(long request, int confirmed, int moved, string device)
    {
        if (batches.Count == 0 || batches[^1].Request != request)
        {
            batches.Add(new Batch(request, confirmed, moved, []));
        }

        batches[^1].Devices.Add(device);
        batches[^1] = batches[^1] with { Moved = moved };
    }
}

/// <summary>One call.</summary>
/// <param name="Request">Its number.</param>
/// <param name="Confirmed">Devices that were confirmed before it.</param>
/// <param name="Moved">Devices that were moved after it.</param>
/// <param name="Devices">Devices that it moved.</param>
internal sealed record Batch(long Request, int Confirmed, int Moved, List<string> Devices);

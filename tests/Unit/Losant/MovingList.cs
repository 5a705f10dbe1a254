using System.Globalization;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>A list of numbers, of which some vanish, join and return after each page.</summary>
/// <param name="random">What decides.</param>
internal sealed class MovingList(Random random)
{
    /// <summary>How many edits a test is to see: EDGERELEASE_SCAN_EDITS, else 20,000.</summary>
    public static readonly int EnoughEdits = int.Parse(
        Environment.GetEnvironmentVariable("EDGERELEASE_SCAN_EDITS") ?? "20000",
        CultureInfo.InvariantCulture
    );

    private readonly SortedSet<int> rows = [.. Enumerable.Range(0, 60).Select(_ => random.Next(1, 500))];
    private readonly int most = random.Next(1, 5);
    private HashSet<int>? stayed;

    public int Edits { get; private set; }

    /// <summary>The rows that stood from the first page asked for to the last.</summary>
    public IEnumerable<int> Stayed => stayed ?? [];

    /// <summary>A page of the list as it is now; then it changes.</summary>
    /// <param name="page">Makes the page.</param>
    public HttpResponseMessage Answer(Func<IReadOnlyCollection<int>, HttpResponseMessage> page)
    {
        stayed ??= [.. rows];
        var answer = page(rows);
        for (var left = random.Next(-1, most); left > 0; left--, Edits++)
        {
            if (random.Next(2) == 0 && rows.Count > 0)
            {
                var gone = rows.ElementAt(random.Next(rows.Count));
                rows.Remove(gone);
                stayed.Remove(gone);
            }
            else
            {
                rows.Add(random.Next(1, 600));
            }
        }

        return answer;
    }
}

using System.Runtime.InteropServices;

namespace EdgeRelease.Losant;

/// <summary>A device's report: it runs what it should, or it says why not.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Report(DateTimeOffset At, bool IsError);

/// <summary>The newest reports of a log, newest first.</summary>
internal ref struct Reports
{
    /// <summary>How many are kept.</summary>
    public const int Most = 16;

    private readonly Span<Report> _room;
    private int _count;

    /// <summary>No reports.</summary>
    /// <param name="room">Room for <see cref="Most"/>.</param>
    public Reports(Span<Report> room) => _room = room;

    /// <summary>When the fourth newest change between running and failing was reported; null when there were fewer.</summary>
    public readonly DateTimeOffset? FourthChange
    {
        get
        {
            var changes = 0;
            for (var i = 1; i < _count; i++)
            {
                if (_room[i].IsError != _room[i - 1].IsError && ++changes == 4)
                {
                    return _room[i - 1].At;
                }
            }

            return null;
        }
    }

    /// <summary>When the newest report without an error was; null when there is none among them.</summary>
    public readonly DateTimeOffset? RanAt
    {
        get
        {
            foreach (var report in _room[.._count])
            {
                if (!report.IsError)
                {
                    return report.At;
                }
            }

            return null;
        }
    }

    /// <summary>Takes a report, in any order of time.</summary>
    public void Add(Report report)
    {
        for (var i = 0; i < _count; i++)
        {
            if (report.At > _room[i].At)
            {
                (_room[i], report) = (report, _room[i]);
            }
        }

        if (_count < _room.Length)
        {
            _room[_count++] = report;
        }
    }
}

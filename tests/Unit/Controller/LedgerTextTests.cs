using EdgeRelease.Controller;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Controller;

public sealed class LedgerTextTests
{
    private static readonly LedgerRow Full = new()
    {
        Device = DeviceId.Parse("575ecf887ae143cd83dc4aa2"),
        Revision = 3,
        Previous = "v1",
        PreviousEtag = "e1",
        Stable = "v0",
        StableEtag = "e0",
        Attempts = 2,
        Outcome = Outcome.Failed,
        OutcomeAt = DateTimeOffset.UnixEpoch,
        Error = "no memory",
        Step = 1,
        Closed = "left",
        WasForwardAt = DateTimeOffset.UnixEpoch.AddMinutes(-1),
        CorrectedAt = DateTimeOffset.UnixEpoch.AddHours(2),
        CorrectedBefore = DateTimeOffset.UnixEpoch.AddHours(1),
        Last = new Command
        {
            Kind = CommandKind.Back,
            FromOurs = true,
            Version = "v1",
            From = "v2",
            Batch = 7,
            At = DateTimeOffset.UnixEpoch,
            WasConnected = true,
            Repeats = 1,
            Cause = BackCause.Failure,
            Seen = true,
        },
        Next = new Command
        {
            Kind = CommandKind.Forward,
            Version = null,
            Batch = 8,
            IsCorrection = true,
            At = DateTimeOffset.UnixEpoch,
        },
    };

    [Fact]
    public void Gives_back_every_member_of_a_row() => Assert.Equal([Full], LedgerText.Rows(LedgerText.Of([Full])));

    [Fact]
    public void Gives_back_a_row_whose_members_are_all_at_their_default()
    {
        var bare = new LedgerRow
        {
            Device = Full.Device,
            Revision = 0,
            Previous = null,
            Last = new Command
            {
                Kind = CommandKind.Forward,
                Version = null,
                Batch = 0,
                At = default,
            },
        };

        Assert.Equal([bare], LedgerText.Rows(LedgerText.Of([bare])));
    }

    [Fact]
    public void Stays_below_the_limit_of_a_shard_when_it_is_full()
    {
        var rows = Enumerable
            .Range(0, LedgerBook.RowsPerShard)
            .Select(i => Full with { Device = new DeviceId((UInt128)(i * 7919L) << 40) });

        Assert.InRange(LedgerText.Of(rows).Length, 1, 256 * 1024);
    }
}

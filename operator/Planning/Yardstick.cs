using EdgeRelease.Api;
using EdgeRelease.Observation;

namespace EdgeRelease.Planning;

/// <summary>What a device's state is measured against.</summary>
/// <param name="Version">The release's version; null for a removal.</param>
/// <param name="Etag">The pinned content tag; null until a row showed it.</param>
/// <param name="Health">What a good and a bad outcome are.</param>
/// <param name="RestoreFailed">Whether a failed device goes back at once.</param>
/// <param name="IsOver">Whether the revision has ended well and is watched no longer: a confirmed device that goes dark is then
/// no loss.</param>
/// <param name="At">Losant's clock when the observation began.</param>
public sealed record Yardstick(
    string? Version,
    string? Etag,
    HealthSpec Health,
    bool RestoreFailed,
    bool IsOver,
    DateTimeOffset At
)
{
    /// <summary>Losant's clock when everything was last read as a whole: that something did not happen shows only there.
    /// </summary>
    public DateTimeOffset ScannedAt { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Whether the revision has ended well: a confirmed device that goes dark is a loss while it is watched, and goes
    /// back by a breach only.</summary>
    public bool IsEnded { get; init; }

    /// <summary>When the watch after the end is over: who was lost until then stays lost while he is dark. Null without an
    /// end.</summary>
    public DateTimeOffset? WatchedUntil { get; init; }

    /// <summary>Since when a device that somebody takes from the version is left alone, though the release never moved it; null:
    /// it is moved like any other.</summary>
    public DateTimeOffset? LeftAloneSince { get; init; }

    /// <summary>Whether somebody took the device from the version, which it was told before. Not with a token: that may have
    /// been another release, whose devices are joiners when they return (rule 28).</summary>
    /// <param name="row">The device's row; null when it has none.</param>
    public bool IsTakenAway(DeploymentRow? row) =>
        row?.LastDesired is { TellsPrevious: true, SourceType: not (null or DesiredEntry.Token) } entry
        && entry.At > LeftAloneSince
        && Version is not null
        && entry.Previous == Version
        && entry.Value != Version
        && row.Value.Desired == entry.Value;

    /// <summary>Content tags that the version had before it was published anew.</summary>
    public IReadOnlyList<string> Replaced { get; init; } = [];

    /// <summary>Whether the version was published anew since an earlier revision brought it.</summary>
    public bool IsRenewed { get; init; }

    /// <summary>Whether the device is told to run what the version's name meant before: by its tag, and without one
    /// when an earlier revision sent it.</summary>
    /// <param name="row">The device's row; its desired version is the release's.</param>
    /// <param name="isCarried">Whether an earlier revision sent it and this one has not.</param>
    public bool IsOutdated(DeploymentRow row, bool isCarried) =>
        row.DesiredEtag is { } etag ? Replaced.Contains(etag) : IsRenewed && isCarried;

    /// <summary>When a device that is dark is lost (rule 6).</summary>
    /// <param name="seen">The device.</param>
    /// <param name="command">Its command.</param>
    public DateTimeOffset LostAt(DeviceRow seen, Command command) =>
        (seen.ConnectionAt is { } at && at > command.At ? at : command.At) + Health.LostAfter;

    /// <summary>Whether the two content tags are not known to differ.</summary>
    /// <param name="one">A tag; null where Losant gives none.</param>
    /// <param name="other">A tag; null where Losant gives none.</param>
    public static bool SameContent(string? one, string? other) => one is null || other is null || one == other;

    /// <summary>Whether the device runs what it was told, by name and content.</summary>
    /// <param name="row">Its row; null when it has none.</param>
    /// <param name="version">The version to compare with; null compares with running none.</param>
    public static bool Runs(DeploymentRow? row, string? version) =>
        row is null
            ? version is null
            : row.Value.Current == version
                && (version is null || SameContent(row.Value.CurrentEtag, row.Value.DesiredEtag))
                && IsLoaded(row.Value);

    /// <summary>Whether the device has loaded the bundle that was built for the flow; also where the bundle was built anew
    /// for something else, which is no matter of the flow's, and on a gateway (F040).</summary>
    /// <param name="row">Its row.</param>
    public static bool IsLoaded(DeploymentRow row) => row.Bundle is not { Rebuilt: null, IsPending: true };

    /// <summary>Whether the newest desired entry is the command's own, by value and time (rule 29).</summary>
    /// <param name="row">The device's row; null when it has none.</param>
    /// <param name="command">The command.</param>
    public static bool IsOurs(DeploymentRow? row, Command command) =>
        row?.LastDesired is { } entry
        && entry.Value == command.Version
        && entry.At >= command.At - Times.ClockDoubt
        && entry.At <= command.At + Times.AppliedWithin;

    /// <summary>Whether somebody else changed the desired version after the command.</summary>
    /// <param name="row">The device's row; null when it has none.</param>
    /// <param name="command">Our last command.</param>
    public bool IsForeign(DeploymentRow? row, Command command)
    {
        if (IsOurs(row, command))
        {
            return false;
        }

        var newest = row?.LastDesired;
        if (newest is not null && newest.At > command.At)
        {
            return true;
        }

        // Nothing newer than the command is shown: until its time has passed this may be an old answer.
        var desired = row?.Desired;
        var isKnown = desired == command.Version || (desired == command.From && !(command.Seen && newest is null));
        return !isKnown && At >= command.At + Times.AppliedWithin;
    }

    /// <summary>When Losant took the command: its log date, else the planned time less the clock's doubt (rule 2).</summary>
    /// <param name="row">The device's row; null when it has none.</param>
    /// <param name="command">The command.</param>
    public static DateTimeOffset CommandTime(DeploymentRow? row, Command command) =>
        IsOurs(row, command) ? row!.Value.LastDesired!.At : command.At - Times.ClockDoubt;

    /// <summary>Since when a device runs what it was told. Not before the command: an entry or a row may be older, or not
    /// dated at all.</summary>
    /// <param name="row">The device's row; null when it has none.</param>
    /// <param name="command">The command, whose version it runs.</param>
    public static DateTimeOffset RunsSince(DeploymentRow? row, Command command)
    {
        var from = CommandTime(row, command);
        var shown =
            row?.LastCurrent is { Error: null } entry && entry.Value == command.Version
                ? entry.At
                : row?.UpdatedAt ?? from;
        return shown > from ? shown : from;
    }

    /// <summary>Whether the device changed between running and failing more than 3 times within an hour since the command, so
    /// that no single report says how it is (F048).</summary>
    /// <param name="row">The device's row; null when it has none.</param>
    /// <param name="command">The command.</param>
    public static bool IsFlapping(DeploymentRow? row, Command command) =>
        row?.LastCurrent is { FourthAt: { } fourth, At: var newest }
        && fourth >= CommandTime(row, command)
        && newest - fourth <= TimeSpan.FromHours(1);

    /// <summary>When the errors began that the command led to, without a success since: an agent that starts again and again
    /// reports ever new ones, and logs are cut, so that the ledger keeps the first (rule 5).</summary>
    /// <param name="row">The device's row.</param>
    /// <param name="command">The command.</param>
    /// <param name="error">The newest error.</param>
    /// <param name="known">When errors began as it was known before; null when there was none.</param>
    public static DateTimeOffset ErredAt(
        DeploymentRow? row,
        Command command,
        CurrentEntry error,
        DateTimeOffset? known
    ) => known is { } first && first >= CommandTime(row, command) && !(error.RanAt > first) ? first : error.At;

    /// <summary>The error that this command led to; null when there is none (rule 5, I9).</summary>
    /// <param name="row">The device's row; null when it has none.</param>
    /// <param name="command">The command.</param>
    public static CurrentEntry? OwnError(DeploymentRow? row, Command command)
    {
        if (row is not { LastCurrent: { Error: not null } entry } seen)
        {
            return null;
        }

        var isAfter = entry.At >= CommandTime(row, command);
        var isOurVersion = entry.Attempted == command.Version && SameContent(entry.AttemptedEtag, seen.DesiredEtag);
        var isOurRemoval = command.Version is not null || IsOurs(row, command);
        return isAfter && isOurVersion && isOurRemoval ? entry : null;
    }
}

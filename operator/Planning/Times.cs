namespace EdgeRelease.Planning;

/// <summary>The fixed times that the rules name.</summary>
public static class Times
{
    /// <summary>How far Losant's log may date a command before its planned time: HTTP dates are whole seconds.</summary>
    public static readonly TimeSpan ClockDoubt = TimeSpan.FromSeconds(2);

    /// <summary>A batch is not sent later than this after it was planned.</summary>
    public static readonly TimeSpan SendWithin = TimeSpan.FromSeconds(30);

    /// <summary>A release call ends, or is given up, within this after it was planned: 30 s to start, 10 s to answer.</summary>
    public static readonly TimeSpan CallEndsWithin = TimeSpan.FromSeconds(40);

    /// <summary>After this an observation that does not show a command proves that it was not applied (rule 8):
    /// the call has ended and 60 s have passed.</summary>
    public static readonly TimeSpan AppliedWithin = CallEndsWithin + TimeSpan.FromSeconds(60);

    /// <summary>The first wait before a failed restore is sent again; it doubles each time.</summary>
    public static readonly TimeSpan RestoreBackoff = TimeSpan.FromSeconds(30);

    /// <summary>Restores sent again at the backoff before the device counts as failing to go back.</summary>
    public const int RestoreTries = 5;

    /// <summary>Devices in one release call. Source: Losant schema edgeDeploymentRelease, deviceIds.maxItems.</summary>
    public const int DevicesPerCall = 1000;
}

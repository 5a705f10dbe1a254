using System.Text.Json;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>Keeps a status below its bound at any fleet size (F097). What is remembered is never cut; what is shown
/// gives way in a fixed order, the longest texts and the oldest history first.</summary>
internal static class StatusSize
{
    /// <summary>Bytes of JSON that a status may have.</summary>
    public const int Limit = 32 * 1024;

    private static readonly Func<EdgeReleaseStatus, EdgeReleaseStatus>[] Cuts =
    [
        status => WithTexts(status, 64),
        WithoutPastActs,
        status => status with { History = [.. status.History.Take(10)] },
        status => WithMessages(status, 256),
        WithoutLists,
        status => status with { History = [.. status.History.Take(1)] },
    ];

    /// <summary>The status, cut until it fits.</summary>
    public static EdgeReleaseStatus Bounded(EdgeReleaseStatus status)
    {
        foreach (var cut in Cuts)
        {
            if (Bytes(status) <= Limit)
            {
                return status;
            }

            status = cut(status);
        }

        return status;
    }

    private static int Bytes(EdgeReleaseStatus status) =>
        JsonSerializer.SerializeToUtf8Bytes(status, ApiJson.Default.EdgeReleaseStatus).Length;

    private static EdgeReleaseStatus WithTexts(EdgeReleaseStatus status, int limit) =>
        status with
        {
            Failing = [.. status.Failing.Select(device => device with { Error = Cut(device.Error, limit) })],
            Errors = [.. status.Errors.Select(error => error with { Class = Cut(error.Class, limit) })],
        };

    /// <summary>What people asked of earlier revisions goes before what became of them.</summary>
    private static EdgeReleaseStatus WithoutPastActs(EdgeReleaseStatus status) =>
        status with
        {
            History =
            [
                .. status.History.Select(past => past.Revision == status.Revision ? past : past with { Acts = [] }),
            ],
        };

    private static EdgeReleaseStatus WithMessages(EdgeReleaseStatus status, int limit) =>
        status with
        {
            Message = Cut(status.Message, limit),
            Plan = status.Plan is { } plan
                ? plan with
                {
                    Warnings = [.. plan.Warnings.Select(text => Cut(text, limit)!)],
                }
                : null,
            Conditions = [.. status.Conditions.Select(one => one with { Message = Cut(one.Message, limit)! })],
        };

    private static EdgeReleaseStatus WithoutLists(EdgeReleaseStatus status) =>
        status with
        {
            Versions = new Dictionary<string, int> { ["other"] = status.Versions.Values.Sum() },
            Plan = status.Plan is { } plan ? plan with { Steps = [], FirstDevices = [] } : null,
        };

    private static string? Cut(string? text, int limit) => text is null ? null : Line.Of(text, limit);
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeRelease.Kubernetes;

/// <summary>Reads and edits Leases of coordination.k8s.io/v1.</summary>
internal static class LeaseJson
{
    /// <summary>Who holds it; null when nobody does.</summary>
    public static string? Holder(JsonElement lease) =>
        Spec(lease) is { } spec && ResourceJson.Text(spec, "holderIdentity") is { Length: > 0 } holder ? holder : null;

    /// <summary>How long a silent holder is to be left alone; null when the lease does not say.</summary>
    public static TimeSpan? Duration(JsonElement lease) =>
        Spec(lease) is { } spec
        && spec.TryGetProperty("leaseDurationSeconds", out var seconds)
        && seconds.ValueKind == JsonValueKind.Number
        && seconds.TryGetInt32(out var number)
            ? TimeSpan.FromSeconds(number)
            : null;

    /// <summary>A new lease, held.</summary>
    public static JsonElement Created(ResourceKey key, string holder, LeaseTiming timing, DateTimeOffset now) =>
        ResourceJson.Element(
            new JsonObject
            {
                ["apiVersion"] = ResourceKind.Lease.ApiVersion,
                ["kind"] = ResourceKind.Lease.Kind,
                ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
                ["spec"] = new JsonObject
                {
                    ["holderIdentity"] = holder,
                    ["leaseDurationSeconds"] = (int)timing.Duration.TotalSeconds,
                    ["acquireTime"] = MicroTime(now),
                    ["renewTime"] = MicroTime(now),
                    ["leaseTransitions"] = 0,
                },
            }
        );

    /// <summary>The lease with another holder.</summary>
    public static JsonElement Taken(JsonElement lease, string holder, LeaseTiming timing, DateTimeOffset now) =>
        Edited(
            lease,
            spec =>
            {
                spec["holderIdentity"] = holder;
                spec["leaseDurationSeconds"] = (int)timing.Duration.TotalSeconds;
                spec["acquireTime"] = MicroTime(now);
                spec["renewTime"] = MicroTime(now);
                spec["leaseTransitions"] = 1 + (spec["leaseTransitions"]?.GetValue<int>() ?? 0);
            }
        );

    /// <summary>The lease, still held.</summary>
    public static JsonElement Renewed(JsonElement lease, DateTimeOffset now) =>
        Edited(lease, spec => spec["renewTime"] = MicroTime(now));

    /// <summary>The lease without a holder.</summary>
    public static JsonElement Released(JsonElement lease, DateTimeOffset now) =>
        Edited(
            lease,
            spec =>
            {
                spec["holderIdentity"] = "";
                spec["renewTime"] = MicroTime(now);
            }
        );

    /// <summary>A MicroTime: RFC 3339 in UTC with exactly six fraction digits.</summary>
    public static string MicroTime(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static JsonElement? Spec(JsonElement lease) =>
        lease.TryGetProperty("spec", out var spec) && spec.ValueKind == JsonValueKind.Object ? spec : null;

    private static JsonElement Edited(JsonElement lease, Action<JsonObject> edit) =>
        ResourceJson.Edited(
            lease,
            root =>
            {
                if (root["spec"] is not JsonObject spec)
                {
                    root["spec"] = spec = [];
                }
                edit(spec);
            }
        );
}

using System.Runtime.InteropServices;
using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>A microcontroller's deployment, as the rows of some flows.</summary>
/// <param name="Id">The deployment's own id.</param>
/// <param name="UpdatedAt">When Losant last changed it; the default when it does not say.</param>
/// <param name="Flows">One row for each flow that was asked for, in that order.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BundleRow(DeviceId Id, DateTimeOffset UpdatedAt, IReadOnlyList<DeploymentRow> Flows);

/// <summary>Reads embedded deployments: one for each device, with a map of its flows and the log of its bundle. Source:
/// Losant schema embeddedDeployment.</summary>
/// <param name="flows">The flows whose rows are wanted.</param>
internal sealed class BundleReader(IReadOnlyList<DeviceId> flows)
{
    private readonly Dictionary<DeviceId, FlowVersions> versions = [];
    private readonly List<BundleEntry> log = [];

    /// <summary>Reads a deployment that is an answer of its own.</summary>
    public BundleRow Single(ReadOnlySpan<byte> body, Words words)
    {
        var json = new Utf8JsonReader(body, Json.Bounds);
        json.Read();
        json.RequireObject();
        lock (words)
        {
            Read(ref json, words, out var row);
            json.Read();
            return row;
        }
    }

    /// <summary>Reads one deployment of a page.</summary>
    public DeviceId Read(ref Utf8JsonReader json, Words words, out BundleRow row)
    {
        DeviceId? id = null,
            device = null;
        DateTimeOffset updatedAt = default;
        var bundle = new Bundle();
        versions.Clear();
        log.Clear();
        while (json.NextMember())
        {
            if (json.ValueTextEquals("id"u8))
            {
                id = json.Id();
            }
            else if (json.ValueTextEquals("deviceId"u8))
            {
                device = json.Id();
            }
            else if (json.ValueTextEquals("lastUpdated"u8))
            {
                updatedAt = json.Date() ?? default;
            }
            else if (json.ValueTextEquals("flows"u8))
            {
                ReadFlows(ref json, words);
            }
            else if (json.ValueTextEquals("logs"u8))
            {
                BundleLogReader.Read(ref json, words, log);
            }
            else
            {
                bundle = Member(ref json, words, bundle);
            }
        }

        var known = bundle with { Id = id ?? throw new UnreadableException("an embedded deployment has no id") };
        var owner = device ?? throw new UnreadableException("an embedded deployment has no device");
        row = new BundleRow(known.Id, updatedAt, RowsOf(owner, updatedAt, known));
        return row.Id;
    }

    private DeploymentRow[] RowsOf(DeviceId device, DateTimeOffset updatedAt, Bundle bundle)
    {
        var told = new BundleLog(BundleLogReader.NewestFirst(log));
        var seen = new DeploymentRow
        {
            Device = device,
            UpdatedAt = updatedAt,
            Bundle = bundle,
        };
        return [.. flows.Select(flow => told.RowOf(flow, seen, versions))];
    }

    private static Bundle Member(ref Utf8JsonReader json, Words words, Bundle bundle)
    {
        if (json.ValueTextEquals("currentBundleVersion"u8))
        {
            return bundle with { Current = BundleLogReader.Name(ref json, words) };
        }

        if (json.ValueTextEquals("desiredBundleVersion"u8))
        {
            return bundle with { Desired = BundleLogReader.Name(ref json, words) };
        }

        if (json.ValueTextEquals("unknownBundle"u8))
        {
            json.Read();
            return json.TokenType switch
            {
                JsonTokenType.True => bundle with { IsUnknown = true },
                JsonTokenType.False or JsonTokenType.Null => bundle,
                _ => throw Json.WrongType(),
            };
        }

        json.Pass();
        return bundle;
    }

    private void ReadFlows(ref Utf8JsonReader json, Words words)
    {
        if (!json.Enter(JsonTokenType.StartObject))
        {
            return;
        }

        while (json.NextMember())
        {
            var isFlow = DeviceId.TryParse(json.GetString(), out var flow);
            if (!isFlow || !json.Enter(JsonTokenType.StartObject))
            {
                throw new UnreadableException("a flow of an embedded deployment has no id or no versions");
            }

            var read = default(FlowVersions);
            while (json.NextMember())
            {
                if (json.ValueTextEquals("currentVersion"u8))
                {
                    read = read with { Current = json.Text(words) };
                }
                else if (json.ValueTextEquals("desiredVersion"u8))
                {
                    read = read with { Desired = json.Text(words) };
                }
                else
                {
                    json.Pass();
                }
            }

            versions[flow] = read;
        }
    }
}

/// <summary>A flow in the map of an embedded deployment.</summary>
/// <param name="Current">The version that the device last reported; null for none.</param>
/// <param name="Desired">The version that was scheduled last; null for none.</param>
internal readonly record struct FlowVersions(string? Current, string? Desired);

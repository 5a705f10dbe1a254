using System.Text.Json;
using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Reads the rows of one flow. Source: Losant schema edgeDeployment.</summary>
/// <param name="flow">The flow that was asked for: a row of another one makes the page unreadable; null for any.</param>
internal sealed class DeploymentReader(DeviceId? flow)
{
    private DeviceId? rowFlow;

    /// <summary>Reads one row.</summary>
    public DeviceId Read(ref Utf8JsonReader json, Words words, out DeploymentRow row)
    {
        DeviceId? id = null,
            device = null;
        rowFlow = null;
        row = default;
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
            else if (json.ValueTextEquals("flowId"u8))
            {
                rowFlow = json.Id();
            }
            else if (json.ValueTextEquals("logs"u8))
            {
                var (desired, current) = LogReader.Newest(ref json, words);
                row = row with { LastDesired = desired, LastCurrent = current };
            }
            else
            {
                Member(ref json, words, ref row);
            }
        }

        if (flow is not null && rowFlow is not null && rowFlow != flow)
        {
            throw new UnreadableException("a row is of another flow than was asked for");
        }

        row = row with { Device = device ?? throw new UnreadableException("a row has no device") };
        return id ?? throw new UnreadableException("a row has no id");
    }

    /// <summary>Reads one row of whatever flow.</summary>
    public DeviceId ReadPlaced(ref Utf8JsonReader json, Words words, out PlacedRow row)
    {
        var id = Read(ref json, words, out var deployment);
        row = new PlacedRow(id, rowFlow, deployment);
        return id;
    }

    private static void Member(ref Utf8JsonReader json, Words words, ref DeploymentRow row)
    {
        if (json.ValueTextEquals("currentVersion"u8))
        {
            row = row with { Current = json.Text(words) };
        }
        else if (json.ValueTextEquals("desiredVersion"u8))
        {
            row = row with { Desired = json.Text(words) };
        }
        else if (json.ValueTextEquals("currentEtag"u8))
        {
            row = row with { CurrentEtag = json.Text(words) };
        }
        else if (json.ValueTextEquals("desiredEtag"u8))
        {
            row = row with { DesiredEtag = json.Text(words) };
        }
        else if (json.ValueTextEquals("lastUpdated"u8))
        {
            row = row with { UpdatedAt = json.Date() ?? default };
        }
        else if (json.ValueTextEquals("fileName"u8))
        {
            row = row with { OnDisk = json.Text(words) is not null };
        }
        else
        {
            json.Pass();
        }
    }
}

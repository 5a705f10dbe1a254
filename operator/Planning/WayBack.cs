using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeRelease.Api;

namespace EdgeRelease.Planning;

/// <summary>How far going back is, and what Git should say afterwards (F062, F073).</summary>
internal static class WayBack
{
    private const int DevicesNamed = 10;

    /// <summary>How far the rollback is; null while none is asked for.</summary>
    public static RollbackStatus? Of(Scene scene)
    {
        if (scene.Memory.Latch is not { } latch)
        {
            return null;
        }

        var parts = Rollback.InScope(scene, latch).ToLookup(PartOf);
        var named = parts[Part.Failing].Select(device => device.Id).Order();
        var pending = parts[Part.Pending].Select(device => device.Id).Order();
        return new RollbackStatus
        {
            Restored = parts[Part.Restored].Count(),
            Disarmed = parts[Part.Disarmed].Count(),
            Pending = parts[Part.Pending].Count(),
            Failing = parts[Part.Failing].Count(),
            Devices = [.. named.Concat(pending).Take(DevicesNamed).Select(id => id.ToString())],
        };
    }

    /// <summary>A merge patch to the version that most devices went back to; null while not rolled back, and where no
    /// single version leads or most went back to none.</summary>
    public static string? Patch(Scene scene)
    {
        if (scene.Memory is not { Result: RevisionResult.RolledBack, Latch: { } latch })
        {
            return null;
        }

        var versions = Rollback
            .InScope(scene, latch)
            .Where(device => Rollback.Is(device) is Going.Back or Going.Offline)
            .CountBy(device => device.Row!.Previous ?? "", StringComparer.Ordinal)
            .OrderByDescending(version => version.Value)
            .Take(2)
            .ToList();
        var isLed = versions.Count == 1 || (versions.Count == 2 && versions[0].Value > versions[1].Value);
        return isLed && versions[0].Key.Length > 0 ? PatchTo(versions[0].Key, scene.Wanted.Spec.Remove) : null;
    }

    private static string PatchTo(string version, bool isRemoval)
    {
        using var buffer = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            json.WriteStartObject();
            json.WriteStartObject("spec");
            json.WriteString("version", version);
            if (isRemoval)
            {
                json.WriteNull("remove");
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static Part PartOf(Device device) =>
        Rollback.Is(device) switch
        {
            Going.Nowhere => Part.None,
            Going.Offline => Part.Pending,
            Going.Open => device.Standing.IsFailingBack ? Part.Failing : Part.Pending,
            _ => NeverApplied(device) ? Part.Disarmed : Part.Restored,
        };

    /// <summary>It is where it was and was not connected since it was told to go back: so it never moved.</summary>
    private static bool NeverApplied(Device device) =>
        !device.IsReachable && !(device.Seen.ConnectionAt > device.Row!.Last!.At);

    private enum Part
    {
        None,
        Restored,
        Disarmed,
        Pending,
        Failing,
    }
}

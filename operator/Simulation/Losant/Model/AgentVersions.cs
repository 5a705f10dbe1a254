using System.Globalization;

namespace EdgeRelease.Simulation;

/// <summary>Compares the versions of agents.</summary>
internal static class AgentVersions
{
    /// <summary>Whether x.y.z is below another, part by part; an unknown version is below all.</summary>
    public static bool IsBelow(string? version, string minimum) =>
        version is null || Parts(version).CompareTo(Parts(minimum)) < 0;

    private static (int Major, int Minor, int Patch) Parts(string version)
    {
        var parts = version.Split('.');
        return (Part(parts, 0), Part(parts, 1), Part(parts, 2));
    }

    private static int Part(string[] parts, int index) =>
        index < parts.Length
        && int.TryParse(parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out var part)
            ? part
            : 0;
}

namespace EdgeRelease.Tests.EndToEnd.Chart;

/// <summary>A folder that ends with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("edgerelease-chart-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

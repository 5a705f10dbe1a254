using System.Diagnostics;
using EdgeRelease.Kubernetes;

namespace EdgeRelease.Tests.EndToEnd;

/// <summary>An API server with its etcd in a folder of its own, run by the scripts of tests/ControlPlane.</summary>
public sealed class ControlPlane
{
    private static readonly string Scripts = Path.Combine(RepositoryRoot(), "tests", "ControlPlane");

    private readonly Dictionary<string, string> variables;

    /// <summary>A control plane that is not yet running.</summary>
    /// <param name="directory">Where its files are.</param>
    /// <param name="variables">Variables of start.sh; an empty value removes the variable.</param>
    public ControlPlane(string directory, Dictionary<string, string>? variables = null)
    {
        Folder = directory;
        this.variables = variables ?? [];
    }

    public string Folder { get; }

    /// <summary>Valid from the first start on, also while the server is down.</summary>
    public string Kubeconfig => Path.Combine(Folder, "admin.kubeconfig");

    /// <summary>Where etcd listens.</summary>
    public Uri Etcd => new($"http://127.0.0.1:{File.ReadAllText(Path.Combine(Folder, "ports")).Split(' ')[1]}");

    /// <summary>Starts what of it is down, on the same ports as before.</summary>
    public Task StartAsync() => RunAsync("bash", [Path.Combine(Scripts, "start.sh"), Folder], variables);

    /// <summary>The same; returns why the CRD server cannot be had, null when it can.</summary>
    public async Task<string?> TryStartAsync()
    {
        try
        {
            await StartAsync();
            return null;
        }
        catch (InvalidOperationException e) when (e.Message.StartsWith("bash ended with 3:", StringComparison.Ordinal))
        {
            return $"no API server that runs CEL: {e.Message}";
        }
    }

    /// <summary>Stops the named services (<c>apiserver</c>, <c>etcd</c>); all when none is named.</summary>
    public Task StopAsync(params string[] services) =>
        RunAsync("bash", [Path.Combine(Scripts, "stop.sh"), Folder, .. services], variables);

    /// <summary>A client as the administrator.</summary>
    public ClusterClient Connect() => new(Connection(), TimeProvider.System, "edgerelease-tests/0");

    public ClusterConnection Connection() =>
        EdgeRelease.Kubernetes.Kubeconfig.Read(Kubeconfig, null, TimeProvider.System);

    /// <summary>Runs kubectl as the administrator and returns its output.</summary>
    public async Task<string> KubectlAsync(params string[] arguments) =>
        await RunAsync(
            await ToolAsync("kubectl"),
            ["--kubeconfig", Kubeconfig, "--cache-dir", Path.Combine(Folder, "kubectl-cache"), .. arguments]
        );

    /// <summary>The path of a tool by tools.sh, such as <c>kubectl</c>.</summary>
    public static async Task<string> ToolAsync(string name)
    {
        var line = await RunAsync("bash", [Path.Combine(Scripts, "tools.sh"), name]);
        return line.Trim()[(name.Length + 1)..];
    }

    /// <summary>Runs a program to its end and returns its output.</summary>
    /// <exception cref="InvalidOperationException">Its exit code is not 0; the message has its error output.</exception>
    public static async Task<string> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value.Length == 0 ? null : value;
        }
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await error}");
    }

    /// <summary>The folder of the solution, upwards from the test assembly.</summary>
    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Operator.sln")))
            {
                return folder.FullName;
            }
        }
        throw new InvalidOperationException("no Operator.sln above the test assembly");
    }
}

using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace EdgeRelease.Host;

/// <summary>The operator's command line.</summary>
internal sealed class CommandLine
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig")
    {
        Description = "kubeconfig file; default: the pod's service account, then KUBECONFIG, then ~/.kube/config",
    };

    private readonly Option<string[]> _namespaces = new("--watch-namespace")
    {
        Description = "namespace to work in, repeatable; default: all",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _hosts = new("--losant-host")
    {
        Description = "host that apiUrl may name, repeatable; a loopback host may use http",
        DefaultValueFactory = _ => ["api.losant.com"],
    };

    private readonly Option<string> _metrics = Address("--metrics-address", "0.0.0.0:8080", "where /metrics is served");
    private readonly Option<string> _health = Address(
        "--health-address",
        "0.0.0.0:8081",
        "where /healthz and /readyz are served"
    );

    private readonly Option<bool> _https = new("--metrics-https")
    {
        Description = "metrics over HTTPS, to those that the API server allows to get /metrics",
        DefaultValueFactory = _ => false,
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string?> _certificate = new("--metrics-certificate")
    {
        Description = "folder with tls.crt and tls.key for HTTPS; default: a certificate of its own",
    };

    private readonly Option<bool> _elect = new("--leader-elect")
    {
        Description = "whether replicas agree on one leader by the Lease edgerelease",
        DefaultValueFactory = _ => true,
        Arity = ArgumentArity.ExactlyOne,
    };

    private readonly Option<string?> _leaseNamespace = new("--lease-namespace")
    {
        Description = "namespace of the Lease; default: the pod's, else default",
    };

    private readonly Option<LogLevel> _level = new("--log-level")
    {
        Description = "Debug, Information, Warning or Error",
        DefaultValueFactory = _ => LogLevel.Information,
    };

    private readonly Option<int> _workers = new("--workers")
    {
        Description =
            "releases worked on at the same time; one that waits for Losant for longer than a second counts no longer",
        DefaultValueFactory = _ => 4,
    };

    /// <summary>All options, in the order of the help.</summary>
    public IEnumerable<Option> All =>
        [
            _kubeconfig,
            _namespaces,
            _hosts,
            _metrics,
            _https,
            _certificate,
            _health,
            _elect,
            _leaseNamespace,
            _level,
            _workers,
        ];

    /// <summary>What the user chose.</summary>
    /// <param name="parsed">The parsed command line.</param>
    public HostSettings Read(ParseResult parsed) =>
        new()
        {
            Kubeconfig = parsed.GetValue(_kubeconfig),
            Namespaces = parsed.GetValue(_namespaces)!,
            LosantHosts = parsed.GetValue(_hosts)!,
            Metrics = EndpointText.Read(parsed.GetValue(_metrics)!),
            MetricsHttps = parsed.GetValue(_https),
            MetricsCertificate = parsed.GetValue(_certificate),
            Health = EndpointText.Read(parsed.GetValue(_health)!),
            LeaderElect = parsed.GetValue(_elect),
            LeaseNamespace = parsed.GetValue(_leaseNamespace),
            LogLevel = parsed.GetValue(_level),
            Workers = parsed.GetValue(_workers),
        };

    private static Option<string> Address(string name, string value, string description)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description}, ADDRESS:PORT; port 0 picks one",
            DefaultValueFactory = _ => value,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !EndpointText.IsValid(text))
            {
                result.AddError($"{name} '{text}' is not ADDRESS:PORT, as 0.0.0.0:8080");
            }
        });
        return option;
    }
}

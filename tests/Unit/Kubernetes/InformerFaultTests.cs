using System.Text.Json.Nodes;
using EdgeRelease.Kubernetes;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Kubernetes;

/// <summary>Random writes under all faults of the API server, on one thread.</summary>
public sealed class InformerFaultTests
{
    private static readonly ClusterFaultKind[] Alphabet =
    [
        .. Enum.GetValues<ClusterFaultKind>().Except([ClusterFaultKind.CrashBefore, ClusterFaultKind.CrashAfter]),
    ];

    [Fact]
    public void Knows_the_truth_once_the_faults_have_stopped()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var run = new Run(seed);
            run.Go();
            Assert.True(run.Truth.SequenceEqual(run.Known), $"seed {seed}\n{run.Truth}\n{run.Known}");
            Assert.True(run.Truth.SequenceEqual(run.Heard), $"seed {seed}: what was told differs from the truth");
        }
    }

    [Fact]
    public void Tells_the_same_for_the_same_seed()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var (first, second) = (new Run(seed), new Run(seed));
            first.Go();
            second.Go();
            Assert.Equal(first.Trace, second.Trace);
        }
    }

    private sealed class Run
    {
        private static readonly string[] Namespaces = ["one", "two"];

        private readonly VirtualTime time = new();
        private readonly SimulatedCluster cluster;
        private readonly Informer informer;
        private readonly SortedDictionary<string, string> heard = new(StringComparer.Ordinal);
        private readonly Random random;

        public Run(int seed)
        {
            random = new Random(seed);
            cluster = new SimulatedCluster(time) { Latency = () => TimeSpan.FromMilliseconds(random.Next(1, 50)) };
            var client = cluster.Client("operator");
            var options = new InformerOptions
            {
                Kind = ResourceKind.ConfigMap,
                Namespaces = Namespaces,
                PageLimit = 3,
                Changed = (key, _, now) =>
                {
                    var version = now is { } present ? ResourceJson.ResourceVersionOf(present)! : "gone";
                    Trace.Add($"{time.Now:O} {key} {version}");
                    heard[key.ToString()] = version;
                    if (now is null)
                    {
                        heard.Remove(key.ToString());
                    }
                },
            };
            informer = new Informer(client, options, client.Process, random);
            _ = informer.RunAsync(CancellationToken.None);
        }

        public List<string> Trace { get; } = [];

        public IEnumerable<string> Truth =>
            cluster
                .All(ResourceKind.ConfigMap)
                .Select(item => $"{ResourceJson.KeyOf(item)} {ResourceJson.ResourceVersionOf(item)}")
                .Order(StringComparer.Ordinal);

        public IEnumerable<string> Known =>
            informer
                .Store.All.Select(item => $"{item.Key} {ResourceJson.ResourceVersionOf(item.Value)}")
                .Order(StringComparer.Ordinal);

        public IEnumerable<string> Heard => heard.Select(item => $"{item.Key} {item.Value}");

        public void Go()
        {
            cluster.Fault = _ => random.Next(8) == 0 ? new ClusterFault(Alphabet[random.Next(Alphabet.Length)]) : null;
            for (var i = 0; i < 60; i++)
            {
                Write();
                time.RunUntil(time.Now + TimeSpan.FromSeconds(random.Next(20)));
            }
            cluster.Fault = _ => null;
            time.RunUntil(time.Now + TimeSpan.FromMinutes(20));
        }

        private void Write()
        {
            var key = new ResourceKey(Namespaces[random.Next(2)], $"c{random.Next(6)}");
            if (random.Next(4) == 0)
            {
                cluster.Remove(ResourceKind.ConfigMap, key);
            }
            else
            {
                cluster.Apply(
                    new JsonObject
                    {
                        ["apiVersion"] = "v1",
                        ["kind"] = "ConfigMap",
                        ["metadata"] = new JsonObject { ["name"] = key.Name, ["namespace"] = key.Namespace },
                        ["data"] = new JsonObject
                        {
                            ["v"] = random.Next(1000).ToString(System.Globalization.CultureInfo.InvariantCulture),
                        },
                    }
                );
            }
            if (random.Next(15) == 0)
            {
                cluster.Compact();
            }
        }
    }
}

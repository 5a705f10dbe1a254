using EdgeRelease.Kubernetes;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Kubernetes;

public sealed class PagingTests(ControlPlaneFixture controlPlane)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ClusterClient Cluster => controlPlane.Cluster;

    [Fact]
    public async Task Lists_1200_objects_in_pages_of_500()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        await Parallel.ForAsync(
            0,
            1200,
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancel },
            async (i, cancel) =>
                await Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, $"c-{i}"), cancel)
        );

        var pages = await PagesAsync(
            new ListOptions { Namespace = ns, LabelSelector = "tests.example.com/sample=true" }
        );

        Assert.Equal([500, 500, 200], pages.Select(page => page.Items.Count));
        Assert.Single(pages.Select(page => page.ResourceVersion).Distinct());
        Assert.Equal(1200, pages.SelectMany(page => page.Items).Select(ResourceJson.KeyOf).Distinct().Count());
    }

    [Fact]
    public async Task Asks_for_smaller_pages_when_one_is_larger_than_16_MiB()
    {
        var ns = await controlPlane.NewNamespaceAsync();
        var large = new string('x', 1_000_000);
        for (var i = 0; i < 20; i++)
        {
            await Cluster.CreateAsync(ResourceKind.ConfigMap, Widgets.ConfigMap(ns, $"c-{i}", large), Cancel);
        }

        var pages = await PagesAsync(
            new ListOptions
            {
                Namespace = ns,
                Limit = 20,
                LabelSelector = "tests.example.com/sample=true",
            }
        );

        Assert.Equal([10, 10], pages.Select(page => page.Items.Count));
    }

    private async Task<List<ResourcePage>> PagesAsync(ListOptions options)
    {
        List<ResourcePage> pages = [];
        do
        {
            pages.Add(await Cluster.ListAsync(ResourceKind.ConfigMap, options, Cancel));
            options = options with { Continue = pages[^1].Continue };
        } while (options.Continue is not null);
        return pages;
    }
}

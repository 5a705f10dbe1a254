using System.Text.Json;
using EdgeRelease.Kubernetes;
using EdgeRelease.Planning;

namespace EdgeRelease.Controller;

/// <summary>What the next pass over a release would decide: the same reading and the same planner, and no write.</summary>
/// <param name="Wanted">The release resolved, or the obstacle.</param>
/// <param name="Plan">The plan; null when there is an obstacle.</param>
/// <param name="Status">The status that the plan leads to; null when there is an obstacle.</param>
public sealed record Preview(Wanted Wanted, Plan? Plan, Api.EdgeReleaseStatus? Status)
{
    /// <summary>Looks at a release as an operator does that begins anew.</summary>
    /// <param name="ports">The outside world; nothing is written to it.</param>
    /// <param name="release">The release: an object of the cluster, or one that could be.</param>
    /// <param name="releases">The releases of its namespace.</param>
    /// <param name="applications">The LosantApplications of its namespace.</param>
    /// <param name="cancel">Ends the calls.</param>
    /// <exception cref="Losant.LosantException">Losant gave no usable answer.</exception>
    /// <exception cref="LedgerException">The release's ledger cannot be read.</exception>
    public static async Task<Preview> OfAsync(
        Ports ports,
        ReleaseObject release,
        IEnumerable<JsonElement> releases,
        IEnumerable<JsonElement> applications,
        CancellationToken cancel
    )
    {
        ArgumentNullException.ThrowIfNull(ports);
        ArgumentNullException.ThrowIfNull(release);
        var pollers = new Pollers(ports);
        var accounts = new Accounts(ports, ResourceStore.Of(applications));
        var others = ResourceStore.Of(releases);
        var read = new Readings<ReleaseObject>(ReleaseObject.Of);
        var neighbours = new Neighbours(accounts, others, read, (_, uid) => new Session(uid));
        var resolver = new Resolver(accounts, others, read, pollers, neighbours);
        var wanted = await resolver.ResolveAsync(release, cancel);
        if (wanted.Obstacle is not null)
        {
            return new Preview(wanted, null, null);
        }

        var book = await LedgerBook.LoadAsync(ports.Cluster, release.Meta, cancel);
        var memory = Recall.Memory(release.Status, book);
        var need = Need.Of(wanted, memory, new Session(release.Uid));
        var observed = (await wanted.Poller!.ObserveAsync(need, cancel))!;
        var plan = Planner.Plan(wanted.Release!, memory, observed.Snapshot, observed.Now);
        plan = await wanted.Poller!.Catalog.WithGoneAsync(plan, wanted.Release!.FlowId, cancel);
        return new Preview(wanted, plan, plan.Fleet is null ? null : Summary.Of(Input(ports, release, wanted, plan)));
    }

    private static SummaryInput Input(Ports ports, ReleaseObject release, Wanted wanted, Plan plan) =>
        new()
        {
            Before = release.Status,
            Generation = release.Meta.Generation,
            Wanted = wanted.Release!,
            Plan = plan,
            WallNow = ports.Time.GetUtcNow(),
            Application = wanted.Application,
            Flow = wanted.Flow,
        };
}

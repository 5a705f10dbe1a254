using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>A random fleet, a random order and random trouble, all from one seed.</summary>
internal sealed class PlannerScenario
{
    private readonly Random _random;
    private readonly PlannerWorld _world;

    public PlannerScenario(int seed)
    {
        _random = new Random(seed);
        _world = World();
        Loop = A.Loop(Order(), _world);
    }

    public PlannerLoop Loop { get; }

    /// <summary>Whether people and networks interfere, and not only devices.</summary>
    public bool HasVisitors { get; init; }

    /// <summary>What each device ran at the beginning.</summary>
    public Dictionary<DeviceId, string?> Original { get; } = [];

    /// <summary>Passes with trouble for some hours, then passes in peace.</summary>
    public PlannerScenario Run()
    {
        foreach (var gateway in _world.Gateways)
        {
            Original[gateway.Id] = gateway.Runs;
        }

        for (var pass = 0; pass < 150; pass++)
        {
            Trouble();
            Loop.Pass(Glimpse());
            _world.Advance(TimeSpan.FromSeconds(_random.Next(1, 90)));
        }

        Loop.Loses = null;
        foreach (var gateway in _world.Gateways.Where(gateway => !gateway.Connected && Maybe(0.7)))
        {
            _world.Connect(gateway);
        }

        return this;
    }

    /// <summary>Passes until nothing has been sent for six hours but to devices that cannot take it; fails when that takes more than a week.</summary>
    public void Settle()
    {
        var deadline = _world.Now + TimeSpan.FromDays(7);
        var quietSince = _world.Now;
        while (_world.Now - quietSince < TimeSpan.FromHours(6))
        {
            var told = Loop.Pass().Batches.SelectMany(batch => batch.Devices).ToHashSet();
            var refusing = Loop
                .Plan.Fleet!.Devices.Where(device => device.Standing.IsFailingBack)
                .Select(device => device.Id);
            var deaf = _world.Gateways.Where(gateway => gateway.IsDeafToLosant).Select(gateway => gateway.Id);
            told.ExceptWith(refusing.Concat(deaf));
            if (told.Count > 0)
            {
                quietSince = _world.Now;
            }

            Assert.True(_world.Now < deadline, $"still sending after a week: {Loop.Phase}: {Loop.Message}");
            _world.Advance(TimeSpan.FromMinutes(2));
        }
    }

    private bool Maybe(double chance) => _random.NextDouble() < chance;

    private T OneOf<T>(params T[] values) => values[_random.Next(values.Length)];

    private PlannerWorld World()
    {
        var world = A.Fleet();
        world.HasEtags = Maybe(0.7);
        world.KeepsLogs = Maybe(0.8);
        var count = (int)Math.Exp(_random.NextDouble() * Math.Log(40)) + 1;
        var (bad, dark, mute) = (OneOf(0, 0, 0.1, 0.4), OneOf(0, 0, 0.1), OneOf(0, 0, 0.1));
        for (var i = 0; i < count; i++)
        {
            var gateway = world.Join(OneOf("v0", "v1", "v1", null, Maybe(0.2) ? "v2" : "v1"));
            gateway.Tags = new TagSet([new("line", Maybe(0.9) ? "a" : "b"), new("ring", OneOf("lab", "rest", "rest"))]);
            gateway.Agent = Maybe(0.05) ? "1.1.0" : "1.40.0";
            Burden(gateway, bad, dark, mute);
            if (Maybe(0.2))
            {
                world.Disconnect(gateway);
            }
        }

        return world;
    }

    private void Burden(PlannerGateway gateway, double bad, double dark, double mute)
    {
        foreach (var version in new[] { "v2", "v3" })
        {
            _ = Maybe(bad) && gateway.Refuses.Add(version);
            _ = Maybe(dark) && gateway.DiesOf.Add(version);
            _ = Maybe(mute) && gateway.Ignores.Add(version);
        }

        gateway.IsDeafToLosant = Maybe(0.02);
    }

    private Release Order() =>
        A.Release()
            .For("line", "a")
            .In(Steps())
            .SpreadBy(OneOf<string[]>([], [], ["ring"], ["agentVersion", "ring"]))
            .Asking(release =>
                release with
                {
                    MinimumAgentVersion = "1.20.0",
                    Rails = new Rails { Guard = new GuardSpec { PerGroup = PerRing(0.2) } },
                }
            )
            .With(spec =>
                spec with
                {
                    RolloutPercentage = OneOf(100, 100, 50, 20),
                    Limits = new LimitsSpec
                    {
                        MaxUnavailable = OneOf(IntOrPercent.Count(1), IntOrPercent.Count(3), IntOrPercent.Percent(30)),
                        PerMinute = OneOf<int?>(null, null, 1, 3),
                        PerGroup = PerRing(0.3),
                    },
                }
            )
            .OnLeave(OneOf(LeavePolicy.Keep, LeavePolicy.Restore))
            .Health(health =>
                health with
                {
                    Retries = OneOf(0, 0, 1, 2),
                    Offline = OneOf(OfflinePolicy.Defer, OfflinePolicy.ArmWhenProven, OfflinePolicy.Arm),
                    LostAfter = TimeSpan.FromMinutes(OneOf(0, 30)),
                }
            )
            .Policy(policy =>
                policy with
                {
                    MaxFailures = OneOf(IntOrPercent.Count(0), IntOrPercent.Count(3), IntOrPercent.Percent(30)),
                    OnBreach = OneOf(BreachAction.Rollback, BreachAction.Rollback, BreachAction.Pause),
                    RestoreFailed = Maybe(0.8),
                }
            );

    private GroupLimitSpec? PerRing(double chance) =>
        Maybe(chance) ? new GroupLimitSpec { Tag = "ring", MaxUnavailable = OneOf(1, 2) } : null;

    private ReleaseStep[] Steps()
    {
        var soak = TimeSpan.FromMinutes(OneOf(0, 10, 60));
        var gated = A.Step("b").Of(60).Soaking(soak).Gated();
        return _random.Next(4) switch
        {
            0 => [],
            1 => [A.Step("a").Of(20).Soaking(soak), Maybe(0.5) ? gated : A.Step("b").Of(60), A.Step("c").Of(100)],
            2 => [A.Step().Ring("ring", "lab").All().Soaking(soak), A.Step().Count(3), A.Step().Of(100).Soaking(soak)],
            _ => [A.Step().Of(50).Soaking(soak)],
        };
    }

    private void Trouble()
    {
        var gateway = _world[_random.Next(_world.Gateways.Count)];
        if (Maybe(0.1))
        {
            if (gateway.Connected)
            {
                _world.Disconnect(gateway);
            }
            else
            {
                _world.Connect(gateway);
            }
        }

        Loop.Loses = Maybe(0.1) ? _ => true : null;
        if (HasVisitors)
        {
            Visit(gateway);
        }
    }

    private void Visit(PlannerGateway gateway)
    {
        var builder = new ReleaseBuilder { Built = Loop.Wanted };
        switch (_random.Next(400))
        {
            case 0 when !gateway.IsDeafToLosant:
                _world.Schedule(gateway, OneOf("v0", "v1", "v2", "v9", null));
                break;
            case 1:
                gateway.Tags = new TagSet([new("line", Maybe(0.5) ? "a" : "b"), new("ring", OneOf("lab", "rest"))]);
                break;
            case 2:
                Original[_world.Join("v1").Id] = "v1";
                _world.Gateways[^1].Tags = new TagSet([new("line", "a"), new("ring", "rest")]);
                break;
            case 3:
                gateway.IsDeleted = true;
                break;
            case 4 or 5:
                Loop.Wanted = builder.At(OneOf(0, 20, 50, 100)).Percent();
                break;
            case 6:
                Loop.Wanted = builder.To(OneOf("v2", "v3", "v1"));
                break;
            case 7:
                Loop.Wanted = builder.Aborting($"r{Loop.Memory.Revision}");
                break;
            case 8:
                Loop.Wanted = builder.Retrying($"r{Loop.Memory.Revision}");
                break;
            case 9:
                Loop.Wanted = builder.With(spec => spec with { Paused = !spec.Paused });
                break;
            case 10:
                Loop.Wanted = builder.In(Steps());
                break;
            case 11 when Loop.Memory.Pause is { } pause:
                Loop.Wanted = builder.Approving(pause.Token);
                break;
            case >= 12 and < 16 when Loop.Plan?.Verdict.WaitingFor?.Token is { } token:
                Loop.Wanted = Maybe(0.5) ? builder.Approving(token) : builder.Annotating(token);
                break;
            case 16:
                Loop.Wanted = builder.Promoting($"r{Loop.Memory.Revision}");
                break;
        }
    }

    /// <summary>What one poll shows; now and then with rows missing, or with devices missing.</summary>
    private Snapshot Glimpse()
    {
        var seen = _world.Seen();
        _world.Advance(TimeSpan.FromSeconds(1));
        if (Maybe(0.03))
        {
            var rows = seen.Deployments.Where(_ => Maybe(0.8)).ToDictionary();
            return seen with { Deployments = rows, AbsentRowsAreCertain = false };
        }

        return Maybe(0.03) ? seen with { Devices = [.. seen.Devices.Where(_ => Maybe(0.5))], Believed = false } : seen;
    }
}

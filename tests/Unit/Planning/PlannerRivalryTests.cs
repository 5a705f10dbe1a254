using EdgeRelease.Api;
using EdgeRelease.Observation;
using EdgeRelease.Planning;
using Xunit;

namespace EdgeRelease.Tests.Unit.Planning;

/// <summary>Two or three releases over the same devices, whose passes and edits come in any order. A failure names its
/// seed.</summary>
public sealed class PlannerRivalryTests
{
    private static readonly int First = int.Parse(Environment.GetEnvironmentVariable("PLANNER_FIRST") ?? "1");

    [Fact]
    public void No_device_is_commanded_by_two_releases_in_1000_random_interleavings()
    {
        var commanded = 0;
        for (var seed = First; seed < First + 1000; seed++)
        {
            try
            {
                commanded += new Rivalry(seed).Play();
            }
            catch (Exception failed)
            {
                throw new InvalidOperationException($"seed {seed}: {failed.Message}", failed);
            }
        }

        Assert.True(commanded > 5000, $"only {commanded} commands were seen");
    }
}

/// <summary>One interleaving.</summary>
internal sealed class Rivalry
{
    private static readonly string[] Lines = ["a", "b"];
    private readonly Random _random;
    private readonly PlannerWorld _world = A.Fleet();
    private readonly List<Party> _parties = [];
    private int _commanded;

    public Rivalry(int seed)
    {
        _random = new Random(seed);
        for (var i = _random.Next(2, 7); i > 0; i--)
        {
            _world.Join("v1").Tags = new TagSet([new("line", OneOf(Lines))]);
        }

        for (var i = _random.Next(2, 4); i > 0; i--)
        {
            _parties.Add(Joined());
        }
    }

    /// <returns>Devices commanded.</returns>
    public int Play()
    {
        for (var act = 0; act < 40; act++)
        {
            if (_random.Next(6) == 0)
            {
                Edit();
            }

            Pass(OneOf(_parties));
            _world.Advance(TimeSpan.FromSeconds(_random.Next(1, 120)));
        }

        Rest();
        return _commanded;
    }

    /// <summary>In the end each device does what its owner says, whatever the others said before.</summary>
    private void Rest()
    {
        for (var round = 0; round < 80; round++)
        {
            _parties.ForEach(Pass);
            _world.Advance(TimeSpan.FromMinutes(2));
        }

        foreach (var gateway in _world.Gateways)
        {
            var owner = OwnerOf(gateway);
            var rows = _parties.Where(party =>
                !party.IsDeleting && party.Loop.RowOf(gateway) is { Closed: null, Last: not null }
            );
            Assert.True(
                owner is null || rows.All(party => party == owner),
                $"{owner?.Claim.Name} owns a device that others remember as theirs"
            );
            Assert.True(
                owner is null || owner.IsDeleting || gateway.Runs == owner.Version || IsDrifted(owner, gateway),
                $"{gateway.Runs}, not {owner?.Version}"
            );
        }
    }

    /// <summary>Taken and given back between two looks of its owner: reported as what somebody else commanded.</summary>
    private static bool IsDrifted(Party owner, PlannerGateway gateway) =>
        owner.Loop.Of(gateway).Standing.State == DeviceState.Drifted;

    private void Pass(Party party)
    {
        var release = party.Loop.Wanted with
        {
            Rivals = party.Claim.Against(_parties.Where(other => other != party).Select(other => other.Claim)),
        };
        party.Loop.Wanted = release;
        party.Loop.Watch = (plan, _) =>
        {
            foreach (var row in plan.Batches.SelectMany(batch => batch.Rows))
            {
                _commanded++;
                var owner = OwnerOf(_world.Gateways.Single(gateway => gateway.Id == row.Device));
                Assert.True(
                    owner == party || owner is null,
                    $"{party.Claim.Name} commands a device of {owner?.Claim.Name}"
                );
            }
        };
        party.Loop.Pass();
    }

    /// <summary>Told in other words than the planner's: nobody who also claims it is better.</summary>
    private Party? OwnerOf(PlannerGateway gateway) =>
        _parties
            .Where(party => party.Claim.IsMade && (party.Line is null || gateway.Tags.Has("line", party.Line)))
            .MinBy(party => (-party.Claim.Priority, party.Claim.CreatedAt, party.Claim.Uid));

    private void Edit()
    {
        var party = OneOf(_parties);
        switch (_random.Next(4))
        {
            case 0:
                party.Priority = _random.Next(-2, 3);
                break;
            case 1:
                party.Line = _random.Next(3) == 0 ? null : OneOf(Lines);
                break;
            case 2 when !party.IsDeleting:
                party.IsDeleting = true;
                party.Loop.Wanted = party.Loop.Wanted with { DeletedAt = _world.Now };
                break;
            case 3:
                OneOf(_world.Gateways).Tags = new TagSet([new("line", OneOf(Lines))]);
                break;
            default:
                break;
        }

        party.Apply();
    }

    private Party Joined()
    {
        var number = _parties.Count + 2;
        var release = A.Release()
            .To($"v{number}")
            .OnLeave(OneOf([LeavePolicy.Keep, LeavePolicy.Restore]))
            .OnDelete(OneOf([DeletePolicy.Keep, DeletePolicy.Restore]))
            .Asking(wanted => wanted with { Uid = $"uid-{number}" });
        var party = new Party(A.Loop(release, _world), $"v{number}", PlannerWorld.Begin.AddMinutes(_random.Next(2)))
        {
            Priority = _random.Next(-1, 2),
            Line = _random.Next(3) == 0 ? null : OneOf(Lines),
        };
        party.Apply();
        return party;
    }

    private T OneOf<T>(IReadOnlyList<T> items) => items[_random.Next(items.Count)];

    private sealed class Party(PlannerLoop loop, string version, DateTimeOffset createdAt)
    {
        public PlannerLoop Loop => loop;

        public string Version => version;

        public int Priority { get; set; }

        /// <summary>The line that it selects; null for all devices.</summary>
        public string? Line { get; set; }

        public bool IsDeleting { get; set; }

        public Claim Claim =>
            new()
            {
                Name = version,
                Uid = loop.Wanted.Uid,
                Priority = Priority,
                CreatedAt = createdAt,
                IsMade = !IsDeleting,
                Selection = new Selection(loop.Wanted.Spec),
            };

        public void Apply()
        {
            var builder = new ReleaseBuilder { Built = loop.Wanted }.With(spec =>
                spec with
                {
                    AllDevices = Line is null,
                    DeviceTags = Line is null ? [] : new Dictionary<string, string> { ["line"] = Line },
                }
            );
            loop.Wanted = builder.Built;
        }
    }
}

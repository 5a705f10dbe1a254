using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.EndToEnd.Crd;

/// <summary>The API server accepts and refuses what the table says, for the reason it says.</summary>
[Collection(nameof(CelCollection))]
public sealed class RuleTests(CelPlane plane)
{
    private static readonly IReadOnlyDictionary<string, RuleTable> Tables = new[]
    {
        ApiKind.Release,
        ApiKind.Application,
    }.ToDictionary(kind => kind.Name, kind => RuleTable.Read(ControlPlane.RepositoryRoot(), kind.Plural));

    public static TheoryData<string, string> Rules() =>
        [.. Tables.SelectMany(table => table.Value.Names.Select(name => (table.Key, name)))];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Judges_the_examples_of(string kind, string rule)
    {
        var of = kind == ApiKind.Release.Name ? ApiKind.Release : ApiKind.Application;
        foreach (var example in Tables[kind].Examples(rule))
        {
            var refusal = await RefusalAsync(of, example);

            Assert.True(example.IsAccepted == (refusal.Length == 0), $"{example}: {refusal}");
            Assert.True(
                example.IsAccepted
                    || (
                        refusal.Contains(example.Field, StringComparison.Ordinal)
                        && refusal.Contains(example.Says, StringComparison.Ordinal)
                    ),
                $"{example} is refused for another reason: {refusal}"
            );
        }
    }

    private async Task<string> RefusalAsync(ApiKind kind, RuleExample example)
    {
        if (example.From is not { } from)
        {
            return (await plane.CreateAsync(kind, example.Spec)).Refusal;
        }

        var (stored, refusal) = await plane.CreateAsync(kind, from);
        Assert.True(stored is not null, refusal);
        return (await plane.ChangeAsync(kind, stored.Value, example.Spec)).Refusal;
    }
}

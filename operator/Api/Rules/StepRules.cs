namespace EdgeRelease.Api;

/// <summary>The rules of a release's steps.</summary>
internal static class StepRules
{
    /// <summary>What a step must be.</summary>
    public static readonly IReadOnlyList<StateRule<RolloutStep>> Step =
    [
        new(
            "(has(self.count) ? 1 : 0) + (has(self.percentage) ? 1 : 0) + (has(self.all) && self.all ? 1 : 0) == 1",
            "give the step exactly one of count, percentage and all: true",
            step => Ones(step.Count is not null, step.Percentage is not null, step.All == true) == 1
        ),
    ];

    /// <summary>What a list of steps must be.</summary>
    public static readonly IReadOnlyList<StateRule<RolloutSpec>> Rollout =
    [
        new(
            "!has(self.steps) || self.steps.all(s, self.steps.exists_one(t, t.name == s.name))",
            "give each step a name of its own",
            rollout => rollout.Steps.DistinctBy(step => step.Name).Count() == rollout.Steps.Count
        ),
        new(
            "!has(self.steps)" + " || self.steps.map(s, has(s.deviceTags) ? 0 : has(s.count) ? 1 : 2).isSorted()",
            "order the steps: first those with deviceTags, then counts, then percentages",
            rollout => Rises(rollout.Steps.Select(Rank), strictly: false)
        ),
        new(
            "!has(self.steps) || (self.steps.filter(s, !has(s.deviceTags) && !has(s.count))"
                + ".map(s, has(s.percentage) ? s.percentage : 100).isSorted()"
                + " && self.steps.all(s, has(s.deviceTags) || has(s.count)"
                + " || self.steps.exists_one(t, !has(t.deviceTags) && !has(t.count)"
                + " && (has(t.percentage) ? t.percentage : 100) == (has(s.percentage) ? s.percentage : 100))))",
            "let the percentages of steps without deviceTags rise from step to step; all: true is 100",
            rollout =>
                Rises(rollout.Steps.Where(step => Rank(step) == 2).Select(s => s.Percentage ?? 100), strictly: true)
        ),
    ];

    private static int Ones(params ReadOnlySpan<bool> facts) => facts.Count(true);

    private static int Rank(RolloutStep step) =>
        (step.DeviceTags, step.Count) switch
        {
            (not null, _) => 0,
            (null, not null) => 1,
            _ => 2,
        };

    private static bool Rises(IEnumerable<int> numbers, bool strictly)
    {
        var list = numbers.ToList();
        return list.Zip(list.Skip(1)).All(pair => strictly ? pair.First < pair.Second : pair.First <= pair.Second);
    }
}

namespace EdgeRelease.Api;

/// <summary>The rules of a LosantApplication's spec.</summary>
internal static class ApplicationRules
{
    private static readonly TimeSpan LeastPoll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostPoll = TimeSpan.FromHours(24);

    /// <summary>What a spec must be.</summary>
    public static readonly IReadOnlyList<StateRule<LosantApplicationSpec>> Spec =
    [
        new(
            $"self.apiUrl.matches('{Patterns.ApiUrl}')",
            "set apiUrl to an https URL without path, query or user; http is allowed for localhost, 127.0.0.1 and [::1]",
            spec => Patterns.Matches(Patterns.ApiUrl, spec.ApiUrl)
        ),
    ];

    /// <summary>What may not change in a spec.</summary>
    public static readonly IReadOnlyList<ChangeRule<LosantApplicationSpec>> SpecChange =
    [
        new(
            "self.applicationId == oldSelf.applicationId",
            "applicationId is immutable: create another LosantApplication for another application",
            (old, spec) => old.ApplicationId == spec.ApplicationId
        ),
    ];

    /// <summary>What the pace of calls must be. The server also judges the default <c>{}</c> itself, hence the has.</summary>
    public static readonly IReadOnlyList<StateRule<LosantApiSpec>> Api =
    [
        new(
            "!has(self.pollActive) || (duration(self.pollActive) >= duration('1s') && duration(self.pollActive) <= duration('24h'))",
            "set pollActive to between 1s and 24h",
            api => api.PollActive >= LeastPoll && api.PollActive <= MostPoll
        ),
        new(
            "!has(self.pollIdle) || (duration(self.pollIdle) >= duration('1s') && duration(self.pollIdle) <= duration('24h'))",
            "set pollIdle to between 1s and 24h",
            api => api.PollIdle >= LeastPoll && api.PollIdle <= MostPoll
        ),
    ];
}

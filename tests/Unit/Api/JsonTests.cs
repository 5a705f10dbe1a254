using System.Text.Json;
using EdgeRelease.Api;
using Xunit;

namespace EdgeRelease.Tests.Unit.Api;

public sealed class JsonTests
{
    [Fact]
    public void Reads_an_empty_spec_with_every_default()
    {
        var spec = Release("{}");

        Assert.Equal(IntOrPercent.Percent(10), spec.Limits.MaxUnavailable);
        Assert.Equal(
            new HealthSpec
            {
                SettleTimeout = TimeSpan.FromMinutes(10),
                Confirm = TimeSpan.FromMinutes(2),
                RetryGrace = TimeSpan.FromSeconds(30),
                Retries = 0,
                Offline = OfflinePolicy.ArmWhenProven,
                LostAfter = TimeSpan.FromMinutes(30),
            },
            spec.Health
        );
        Assert.Equal(
            new FailurePolicySpec
            {
                MaxFailures = null,
                Tolerance = null,
                Confidence = new Percentage(99),
                OnInconclusive = InconclusiveAction.Pause,
                OnBreach = BreachAction.Rollback,
                RollbackScope = RollbackScope.Release,
                RestoreFailed = true,
                Watch = TimeSpan.FromHours(24),
            },
            spec.FailurePolicy
        );
        Assert.Equal(
            new PolicySpec
            {
                OnDelete = DeletePolicy.Keep,
                DeleteDeadline = TimeSpan.FromHours(1),
                OnLeave = LeavePolicy.Keep,
            },
            spec.Policy
        );
        Assert.Equal((10, false, false, false), (spec.HistoryLimit, spec.Paused, spec.Remove, spec.AllDevices));
        Assert.Null(spec.RolloutPercentage);
        Assert.Null(spec.Rollout);
    }

    [Fact]
    public void Reads_an_empty_application_with_every_default()
    {
        var spec = JsonSerializer.Deserialize("{}", ApiJson.Default.LosantApplicationSpec)!;

        Assert.Equal("https://api.losant.com", spec.ApiUrl);
        Assert.Equal(
            new LosantApiSpec
            {
                RequestsPerSecond = 5,
                PollActive = TimeSpan.FromSeconds(15),
                PollIdle = TimeSpan.FromMinutes(5),
            },
            spec.Api
        );
    }

    [Fact]
    public void Keeps_defaults_beside_members_that_are_present() =>
        Assert.Equal(TimeSpan.FromMinutes(10), Release("""{"health": {"confirm": "5m"}}""").Health.SettleTimeout);

    [Fact]
    public void Ignores_members_it_does_not_know() =>
        Assert.Equal("a", Release("""{"flow": "a", "someday": {"windows": []}}""").Flow);

    [Theory]
    [InlineData("""{"health": {"confirm": "soon"}}""", "'soon' is not a duration")]
    [InlineData("""{"health": {"confirm": 10}}""", "10 is not a string")]
    [InlineData("""{"limits": {"maxUnavailable": "many"}}""", "'many' is neither a number nor a percentage")]
    [InlineData("""{"limits": {"maxUnavailable": "+5%"}}""", "'+5%' is neither")]
    [InlineData("""{"limits": {"maxUnavailable": 1.5}}""", "1.5 is not a string")]
    [InlineData("""{"failurePolicy": {"tolerance": "5"}}""", "'5' is not a percentage")]
    [InlineData("""{"failurePolicy": {"tolerance": "-5%"}}""", "'-5%' is not a percentage")]
    [InlineData("""{"failurePolicy": {"tolerance": "500%"}}""", "'500%' is not a percentage")]
    [InlineData("""{"limits": {"maxUnavailable": [1]}}""", "[1] is not a string")]
    public void Names_the_value_it_cannot_read(string json, string message) =>
        Assert.Contains(message, Assert.Throws<JsonException>(() => Release(json)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"health": null}""")]
    [InlineData("""{"deviceTags": null}""")]
    [InlineData("""{"health": {"offline": "Never"}}""")]
    public void Refuses_what_has_no_meaning(string json) => Assert.Throws<JsonException>(() => Release(json));

    [Fact]
    public void Writes_what_it_reads()
    {
        const string json = """
            {"application":"plant-a","flow":"line-monitor","version":"v1","remove":false,"deviceTags":{"line":"a"},
            "deviceTagExpressions":[{"key":"region","operator":"NotIn","values":["eu"]}],
            "deviceIds":["575ed18f7ae143cd83dc4aa6"],"allDevices":false,
            "exclude":{"deviceTags":{"pinned":"true"},"deviceIds":[]},"rolloutPercentage":50,
            "rollout":{"steps":[{"name":"lab","count":5,"deviceTags":{"ring":"lab"},"soak":"1h30m","approval":true}],
            "spreadBy":["model","agentVersion"]},"approve":["r8-p1-a"],
            "paused":true,"limits":{"maxUnavailable":7},"health":{"settleTimeout":"1h","confirm":"0s","retryGrace":"250ms",
            "retries":2,"offline":"Arm","lostAfter":"0s"},"failurePolicy":{"maxFailures":"5%","minOutcomes":20,
            "confidence":"99.5%","onInconclusive":"Continue","onBreach":"Pause","rollbackScope":"Failed","restoreFailed":false,"watch":"0s"},"schedule":{"notBefore":"2026-11-30T00:00:00Z",
            "windows":[{"days":["Mon"],"from":"22:00","to":"04:00","timeZone":"Europe/Berlin","timeZoneTag":"tz"}]},"policy":{"mode":"Observe","onDelete":"Remove",
            "deleteDeadline":"2h","onLeave":"Restore","drift":"Correct","priority":7},"embedded":{"allowUnknownBundle":true,
            "exportCanary":{"callbackUrl":"https://bench.example/hook","gzip":true}},"historyLimit":3}
            """;

        Assert.Equal(
            json.ReplaceLineEndings(""),
            JsonSerializer.Serialize(Release(json), ApiJson.Default.EdgeReleaseSpec)
        );
    }

    [Fact]
    public void Leaves_nulls_out() =>
        Assert.DoesNotContain(
            "null",
            JsonSerializer.Serialize(new EdgeReleaseStatus(), ApiJson.Default.EdgeReleaseStatus),
            StringComparison.Ordinal
        );

    [Fact]
    public void Writes_times_in_UTC_with_the_digits_they_have()
    {
        var at = DateTimeOffset.Parse("2026-11-22T10:10:00.25+01:00");

        var json = JsonSerializer.Serialize(
            new EdgeReleaseStatus { StartedAt = at, Conditions = [new Condition { LastTransitionTime = at }] },
            ApiJson.Default.EdgeReleaseStatus
        );

        Assert.Contains("\"startedAt\":\"2026-11-22T09:10:00.25Z\"", json, StringComparison.Ordinal);
        Assert.Contains("\"lastTransitionTime\":\"2026-11-22T09:10:00Z\"", json, StringComparison.Ordinal);
        var back = JsonSerializer.Deserialize(json, ApiJson.Default.EdgeReleaseStatus)!;
        Assert.Equal((at, TimeSpan.Zero), (back.StartedAt!.Value, back.StartedAt.Value.Offset));
    }

    [Fact]
    public void Names_the_time_it_cannot_read() =>
        Assert.Contains(
            "'yesterday' is not a time",
            Assert
                .Throws<JsonException>(() =>
                    JsonSerializer.Deserialize("""{"startedAt":"yesterday"}""", ApiJson.Default.EdgeReleaseStatus)
                )
                .Message,
            StringComparison.Ordinal
        );

    private static EdgeReleaseSpec Release(string json) =>
        JsonSerializer.Deserialize(json, ApiJson.Default.EdgeReleaseSpec)!;
}

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using EdgeRelease.Simulation;
using Xunit;

namespace EdgeRelease.Tests.Unit.Simulation;

public sealed class LosantTransportTests
{
    private readonly LosantWorld world = new();
    private readonly VirtualTime time = new();

    [Fact]
    public void Carries_a_request_there_and_back_in_twice_the_latency()
    {
        using var client = Client(time);
        time.Run(async () =>
        {
            using var reply = await client.GetAsync(Deployments, Cancel);
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            Assert.Equal("application/json", reply.Content.Headers.ContentType!.MediaType);
            Assert.Equal(time.Now, world.Losant.Now + TimeSpan.FromMilliseconds(50));
            Assert.NotNull(reply.Headers.Date);
        });
        Assert.Equal(TimeSpan.FromMilliseconds(100), time.Now - new LosantWorld().Losant.Now);
    }

    [Fact]
    public void Lets_devices_act_while_time_passes()
    {
        using var client = Client(time);
        time.Run(async () =>
        {
            var body = new
            {
                flowId = world.Flow.Id,
                version = "v2",
                deviceIds = new[] { world.Devices[0].Id },
            };
            using var released = await client.PostAsJsonAsync(Deployments + "/release", body, Cancel);
            Assert.Equal(HttpStatusCode.Created, released.StatusCode);
            await time.Delay(TimeSpan.FromSeconds(2), CancellationToken.None);
            var rows = await client.GetFromJsonAsync<JsonElement>(Deployments + "?version=v2", Cancel);
            Assert.Equal("v2", rows.GetProperty("items")[0].GetProperty("currentVersion").GetString());
        });
    }

    [Theory]
    [InlineData(FaultKind.ConnectionRefused, HttpRequestError.ConnectionError)]
    [InlineData(FaultKind.ResetBefore, HttpRequestError.ResponseEnded)]
    [InlineData(FaultKind.ResetAfter, HttpRequestError.ResponseEnded)]
    [InlineData(FaultKind.CutBody, HttpRequestError.ResponseEnded)]
    public void Fails_as_a_connection_does(FaultKind kind, HttpRequestError error)
    {
        world.Losant.Faults.Add(new FaultRule(kind));
        using var client = Client(time);
        time.Run(async () =>
        {
            var failure = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(Deployments, Cancel));
            Assert.Equal(error, failure.HttpRequestError);
        });
    }

    [Theory]
    [InlineData(FaultKind.TimeoutBefore, 0)]
    [InlineData(FaultKind.TimeoutAfter, 200)]
    public void Is_silent_until_the_caller_gives_up(FaultKind kind, int status)
    {
        world.Losant.Faults.Add(new FaultRule(kind));
        using var client = Client(time);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10), time);
        var start = time.Now;
        time.Run(() =>
            Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.GetAsync(Deployments, patience.Token))
        );
        Assert.Equal(TimeSpan.FromSeconds(10), time.Now - start);
        Assert.Equal(status, Assert.IsType<RequestRecord>(world.Losant.Record.Entries[0]).Status);
    }

    [Fact]
    public void Takes_its_time_over_a_slow_body()
    {
        world.Losant.Faults.Add(new FaultRule(FaultKind.SlowBody) { Delay = TimeSpan.FromSeconds(7) });
        using var client = Client(time);
        var start = time.Now;
        time.Run(() => client.GetAsync(Deployments, Cancel));
        Assert.Equal(TimeSpan.FromSeconds(7.1), time.Now - start);
    }

    [Fact]
    public void Takes_effect_although_the_process_died_after_sending()
    {
        var process = new VirtualProcess(time, "a");
        using var client = Client(process);
        var body = new
        {
            flowId = world.Flow.Id,
            version = "v2",
            deviceIds = new[] { world.Devices[0].Id },
        };
        var call = client.PostAsJsonAsync(Deployments + "/release", body, Cancel);
        process.Kill();
        time.RunUntil(time.Now + TimeSpan.FromMinutes(1));
        Assert.False(call.IsCompleted);
        Assert.Equal("v2", world.Row(0).State.Desired);
    }

    [Fact]
    public void Keeps_the_answer_for_a_paused_process()
    {
        var process = new VirtualProcess(time, "a");
        using var client = Client(process);
        var call = client.GetAsync(Deployments, Cancel);
        process.PauseFor(TimeSpan.FromSeconds(45));
        time.RunUntil(time.Now + TimeSpan.FromSeconds(44));
        Assert.False(call.IsCompleted);
        time.RunUntil(time.Now + TimeSpan.FromSeconds(1));
        Assert.True(call.IsCompletedSuccessfully);
    }

    [Fact]
    public void Keeps_true_time_when_the_clock_of_the_process_is_wrong()
    {
        var process = new VirtualProcess(time, "a") { WallClockOffset = TimeSpan.FromHours(1) };
        using var client = Client(process);
        time.Run(() => client.GetAsync(Deployments, Cancel));
        Assert.Equal(TimeSpan.FromMilliseconds(50), time.Now - world.Losant.Now);
    }

    [Fact]
    public void Lets_devices_act_by_themselves_in_the_time_that_it_rides()
    {
        world.Release("v2", 0, 1);
        world.Losant.Ride(time);
        var start = time.Now;
        var reported = new List<TimeSpan>();
        world.Losant.Record.Subscribe(_ => reported.Add(time.Now - start));
        time.Schedule(TimeSpan.FromSeconds(0.5), () => world.Devices[1].Disconnect());
        time.Schedule(TimeSpan.FromSeconds(7), () => world.Devices[1].Connect());
        while (time.RunNext())
        {
            Assert.Equal(time.Now, world.Losant.Now);
        }

        Assert.Equal([0.5, 1, 7, 8], reported.Select(span => span.TotalSeconds));
    }

    [Fact]
    public void Answers_inline_without_latency()
    {
        using var client = new HttpClient(new SimulatedTransport(world.Losant, time, () => TimeSpan.Zero));
        Assert.True(client.GetAsync(Deployments, Cancel).IsCompletedSuccessfully);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Deployments => "http://losant" + world.Deployments;

    private HttpClient Client(TimeProvider provider)
    {
        var transport = new SimulatedTransport(world.Losant, provider, () => TimeSpan.FromMilliseconds(50));
        var client = new HttpClient(transport) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", LosantWorld.Token);
        return client;
    }
}

using EdgeRelease.Losant;

namespace EdgeRelease.Tests.Unit.Losant;

/// <summary>A read and a release, what answers the read, and an answer that never comes.</summary>
internal static class Calls
{
    public const string Application = """{"id":"575ec8687ae143cd83dc4a97","name":"plant"}""";

    public static Task<LosantApplicationRow?> Find(ILosant losant) =>
        losant.FindApplicationAsync(CancellationToken.None);

    public static Task<ReleaseAnswer> Release(ILosant losant) =>
        losant.ReleaseAsync(new ReleaseOrder(Script.Flow, "v2", [Rows.DeviceId(1)]), CancellationToken.None);

    /// <summary>No answer.</summary>
    public static Task<HttpResponseMessage> Never() => new TaskCompletionSource<HttpResponseMessage>().Task;

    /// <summary>Starts a call that no context brings back to a thread.</summary>
    public static Task<T> StartWithoutContext<T>(Func<Task<T>> call)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        var task = call();
        SynchronizationContext.SetSynchronizationContext(before);
        return task;
    }
}

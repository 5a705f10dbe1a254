using EdgeRelease.Kubernetes;

namespace EdgeRelease.Simulation;

/// <summary>One call on its way to the server and back. Once sent, it takes effect whatever becomes of the
/// caller.</summary>
/// <typeparam name="T">What the server answers.</typeparam>
internal sealed class Exchange<T> : TaskCompletionSource<T>
{
    private readonly SimulatedClient _client;
    private readonly ClusterCall _call;
    private readonly Func<T> _effect;
    private ClusterFault? _fault;
    private CancellationTokenRegistration _registration;

    /// <summary>A call that is not yet sent.</summary>
    /// <param name="client">Who calls.</param>
    /// <param name="call">What it asks.</param>
    /// <param name="effect">What the server does; its ClusterException is the answer.</param>
    public Exchange(SimulatedClient client, ClusterCall call, Func<T> effect)
    {
        _client = client;
        _call = call;
        _effect = effect;
    }

    private VirtualTime Time => _client.Process.Time;

    private string Verb =>
        _call.Verb switch
        {
            ClusterVerb.List => "list",
            ClusterVerb.Watch => "watch",
            ClusterVerb.Get => "get",
            ClusterVerb.Create => "create",
            ClusterVerb.Delete => "delete",
            _ => "replace",
        };

    /// <summary>Sends it.</summary>
    /// <param name="cancel">The caller no longer waits for the answer.</param>
    /// <returns>The answer; never ends when the process dies first.</returns>
    public Task<T> Start(CancellationToken cancel)
    {
        _registration = cancel.UnsafeRegister(static (state, token) => ((Exchange<T>)state!).GiveUp(token), this);
        _fault = _client.Draw(_call);
        switch (_fault?.Kind)
        {
            case ClusterFaultKind.CrashBefore:
                _client.Suffer(ClusterFaultKind.CrashBefore);
                _client.Process.Kill();
                break;
            case ClusterFaultKind.TimeoutBefore or ClusterFaultKind.StatusWriteLost:
                _client.Suffer(_fault.Value.Kind);
                Time.Schedule(_fault.Value.Duration, NoAnswer);
                break;
            default:
                Time.Schedule(_client.Latency(), Arrive);
                break;
        }

        return Task;
    }

    private void Arrive()
    {
        if (_client.Obstacle is { } obstacle)
        {
            _client.Suffer(obstacle);
            Time.Schedule(_client.Latency(), NoAnswer);
            return;
        }

        if (Refused() is { } refusal)
        {
            _client.Suffer(_fault!.Value.Kind);
            Return(default!, refusal);
            return;
        }

        var (answer, error) = Effect();
        switch (_fault?.Kind)
        {
            case ClusterFaultKind.CrashAfter:
                _client.Suffer(ClusterFaultKind.CrashAfter);
                _client.Process.Kill();
                break;
            case ClusterFaultKind.TimeoutAfter:
                _client.Suffer(ClusterFaultKind.TimeoutAfter);
                Time.Schedule(_fault.Value.Duration, NoAnswer);
                break;
            default:
                Return(answer, error);
                break;
        }
    }

    private (T Answer, ClusterException? Error) Effect()
    {
        try
        {
            return (_effect(), null);
        }
        catch (ClusterException e)
        {
            return (default!, e);
        }
    }

    private ClusterException? Refused() =>
        _fault?.Kind switch
        {
            ClusterFaultKind.Conflict => Refusal.Conflict("the object has been modified"),
            ClusterFaultKind.Gone => Refusal.Gone("as chosen by the test"),
            ClusterFaultKind.TooManyRequests => new ClusterException(429, "too many requests"),
            ClusterFaultKind.InternalError => new ClusterException(500, "internal error"),
            _ => null,
        };

    private void Return(T answer, ClusterException? error) =>
        Time.Schedule(
            _client.Latency(),
            () =>
            {
                if (_client.IsPartitioned)
                {
                    _client.Suffer(ClusterFaultKind.Partitioned);
                    NoAnswer();
                }
                else if (error is not null)
                {
                    Fail(error.Status, error.Message);
                }
                else
                {
                    _client.Process.Receive(() => Finish(() => TrySetResult(answer)));
                }
            }
        );

    private void NoAnswer() => Fail(0, "no answer");

    private void Fail(int status, string cause)
    {
        var what = _call.Key is null ? _call.Kind.Kind : $"{_call.Kind.Kind} {_call.Key}";
        var error = new ClusterException(status, $"cannot {Verb} {what}: {cause}");
        _client.Process.Receive(() => Finish(() => TrySetException(error)));
    }

    private void GiveUp(CancellationToken token)
    {
        if (!_client.Process.IsDead)
        {
            TrySetCanceled(token);
        }
    }

    private void Finish(Action complete)
    {
        _registration.Dispose();
        complete();
    }
}

using System.Net.Sockets;

namespace EdgeRelease.Simulation;

/// <summary>One request on its way to the simulated Losant and back.</summary>
internal sealed class LosantTrip(SimulatedTransport transport, HttpRequestMessage message, SimulatedRequest request)
    : TaskCompletionSource<HttpResponseMessage>
{
    private CancellationTokenRegistration registration;

    /// <summary>Sends it.</summary>
    /// <returns>The answer; never ends when the process is dead or the answer never comes.</returns>
    public Task<HttpResponseMessage> Start(CancellationToken cancel)
    {
        if (transport.Process?.IsDead == true)
        {
            return Task;
        }

        registration = cancel.UnsafeRegister(static (state, token) => ((LosantTrip)state!).TrySetCanceled(token), this);
        transport.After(TimeSpan.Zero, Arrive);
        return Task;
    }

    private void Arrive()
    {
        transport.Losant.AdvanceTo(transport.Now);
        var response = transport.Losant.Handle(request);
        if (response.Transport != Transport.Silent)
        {
            transport.After(response.Delay, () => Return(response));
        }
    }

    private void Return(SimulatedResponse response)
    {
        if (transport.Process is { } process)
        {
            process.Receive(() => End(response));
        }
        else
        {
            End(response);
        }
    }

    private void End(SimulatedResponse response)
    {
        registration.Dispose();
        switch (response.Transport)
        {
            case Transport.Refused:
                var refused = new SocketException((int)SocketError.ConnectionRefused);
                TrySetException(new HttpRequestException(HttpRequestError.ConnectionError, refused.Message, refused));
                break;
            case Transport.Reset:
                var reset = new HttpIOException(HttpRequestError.ResponseEnded);
                TrySetException(new HttpRequestException(HttpRequestError.ResponseEnded, reset.Message, reset));
                break;
            default:
                TrySetResult(MessageForms.ResponseOf(message, response));
                break;
        }
    }
}

using System.Runtime.CompilerServices;
using EdgeRelease.Losant;

namespace EdgeRelease.Controller;

/// <summary>The poller of each connection, kept as long as the connection is.</summary>
/// <param name="ports">The outside world.</param>
public sealed class Pollers(Ports ports)
{
    private readonly ConditionalWeakTable<ILosant, Poller> _pollers = [];

    /// <summary>The poller of a connection.</summary>
    /// <param name="losant">The connection.</param>
    public Poller Of(ILosant losant) => _pollers.GetValue(losant, each => new Poller(each, ports.Time, ports.Random));
}

using System.Runtime.CompilerServices;
using EdgeRelease.Losant;
using EdgeRelease.Observation;

namespace EdgeRelease.Controller;

/// <summary>The poller of each connection, kept as long as the connection is.</summary>
/// <param name="ports">The outside world.</param>
public sealed class Pollers(Ports ports)
{
    private readonly ConditionalWeakTable<ILosant, Pair> _pollers = [];

    /// <summary>The poller of a connection for gateways or microcontrollers; both know the same flows.</summary>
    /// <param name="losant">The connection.</param>
    /// <param name="deviceClass">The devices.</param>
    public Poller Of(ILosant losant, DeviceClass deviceClass) =>
        _pollers.GetValue(losant, each => new Pair(ports, each)).Of(deviceClass);

    /// <summary>The pollers of a connection that have polled or may.</summary>
    /// <param name="losant">The connection.</param>
    public IReadOnlyList<Poller> All(ILosant losant) =>
        [Of(losant, DeviceClass.EdgeCompute), Of(losant, DeviceClass.Embedded)];

    private sealed class Pair
    {
        private readonly Poller _gateways;
        private readonly Poller _microcontrollers;

        public Pair(Ports ports, ILosant losant)
        {
            var catalog = new Catalog(losant, ports.Time);
            _gateways = new Poller(losant, ports.Time, ports.Random, DeviceClass.EdgeCompute) { Catalog = catalog };
            _microcontrollers = new Poller(losant, ports.Time, ports.Random, DeviceClass.Embedded)
            {
                Catalog = catalog,
            };
        }

        public Poller Of(DeviceClass deviceClass) =>
            deviceClass == DeviceClass.Embedded ? _microcontrollers : _gateways;
    }
}

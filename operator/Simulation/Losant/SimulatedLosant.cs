using System.Diagnostics.CodeAnalysis;

namespace EdgeRelease.Simulation;

/// <summary>Losant as one model with virtual time: the API of both kinds of deployment, and the devices behind it.
/// Single-threaded and without timers of its own: whoever owns it says what time it is.</summary>
[SuppressMessage("Security", "CA5394:Do not use insecure randomness", Justification = "A simulation must repeat.")]
public sealed class SimulatedLosant
{
    private readonly OrderedById<SimulatedApplication> applications = new(application => application.Id);
    private readonly Dictionary<string, SimulatedToken> tokens = new(StringComparer.Ordinal);
    private readonly DueEvents events = new();
    private readonly Conversation conversation;
    private DateTimeOffset now;
    private VirtualTime? ridden;
    private DateTimeOffset alarmAt = DateTimeOffset.MaxValue;

    /// <summary>A Losant without applications.</summary>
    /// <param name="options">What it starts with.</param>
    public SimulatedLosant(SimulationOptions options)
    {
        Options = options;
        now = options.StartAt;
        Ids = new ObjectIds(options.Seed);
        PersonId = Ids.Next();
        DeviceRandom = new Random(options.Seed);
        Record = new LosantRecord(options.RecordLimit);
        Faults = new Faults(new Random(options.Seed ^ 0x5eed));
        conversation = new Conversation(this);
    }

    /// <summary>What it started with.</summary>
    public SimulationOptions Options { get; }

    /// <summary>The model's clock. Never goes back.</summary>
    public DateTimeOffset Now => ridden?.Now ?? now;

    /// <summary>When something happens next by itself; null when nothing will.</summary>
    public DateTimeOffset? NextEventAt => events.NextAt;

    /// <summary>All that happened, in order.</summary>
    public LosantRecord Record { get; }

    /// <summary>The faults that are put in, and how often each happened.</summary>
    public Faults Faults { get; }

    /// <summary>Called with each exported bundle when it is ready. Default nothing.</summary>
    public Action<ExportJob> Delivers { get; set; } = _ => { };

    /// <summary>The applications by rising id.</summary>
    public IReadOnlyList<SimulatedApplication> Applications => applications.Items;

    /// <summary>The clock in whole milliseconds, as Losant writes it down.</summary>
    internal DateTimeOffset Stamp => new(Now.Ticks - (Now.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);

    /// <summary>From when something that exists now can be read: what was set up before the first request was always
    /// there.</summary>
    internal DateTimeOffset ThereSince => Faults.Started ? Now : DateTimeOffset.MinValue;

    internal ObjectIds Ids { get; }

    /// <summary>The object id of the person who does what nobody else does.</summary>
    internal string PersonId { get; }

    internal Random DeviceRandom { get; }

    /// <summary>Adds an empty application.</summary>
    /// <param name="name">What people call it.</param>
    /// <param name="id">24 lower-case hex digits; null lets the model choose.</param>
    /// <returns>The application.</returns>
    public SimulatedApplication AddApplication(string name, string? id = null)
    {
        var application = new SimulatedApplication(this, id ?? Ids.Next(), name);
        applications.Add(application);
        return application;
    }

    /// <summary>The application with this id; null when there is none.</summary>
    /// <param name="id">24 hex digits of either case.</param>
    public SimulatedApplication? FindApplication(string id) => applications.Find(id);

    /// <summary>The token with this text; null when there is none.</summary>
    /// <param name="text">What stands behind <c>Bearer</c>.</param>
    public SimulatedToken? FindToken(string text) => tokens.GetValueOrDefault(text);

    /// <summary>Lets everything happen that is due, in order, and sets the clock. An earlier time has no
    /// effect.</summary>
    /// <param name="until">The new time.</param>
    public void AdvanceTo(DateTimeOffset until)
    {
        while (events.TryTake(until, out var at, out var happening))
        {
            now = at > now ? at : now;
            happening();
        }

        now = until > now ? until : now;
    }

    /// <summary>Gives the clock to a virtual time: from now on what is due happens in its queue, by itself.</summary>
    /// <param name="time">The time, not before <see cref="Now"/>.</param>
    public void Ride(VirtualTime time)
    {
        AdvanceTo(time.Now);
        ridden = time;
        SetAlarm();
    }

    /// <summary>Handles one request at <see cref="Now"/>.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The answer; the caller acts out its transport.</returns>
    public SimulatedResponse Handle(SimulatedRequest request) => conversation.Handle(request);

    /// <summary>Lets something happen after a while.</summary>
    internal void Later(TimeSpan delay, Action happening)
    {
        events.Add(Now + delay, happening);
        SetAlarm();
    }

    internal SimulatedToken Add(SimulatedToken token)
    {
        tokens.Add(token.Text, token);
        return token;
    }

    internal void Forget(SimulatedToken token) => tokens.Remove(token.Text);

    /// <summary>Makes sure that the ridden time wakes the model for its next event. A needless alarm does no
    /// harm.</summary>
    private void SetAlarm()
    {
        if (ridden is not null && events.NextAt is { } next && next < alarmAt)
        {
            alarmAt = next;
            ridden.Schedule(next - ridden.Now, Ring);
        }
    }

    private void Ring()
    {
        alarmAt = DateTimeOffset.MaxValue;
        AdvanceTo(Now);
        SetAlarm();
    }
}

using EdgeRelease.Observation;

namespace EdgeRelease.Losant;

/// <summary>Makes connections and keeps them. An account that nobody asked for in 15 minutes loses its connection at
/// the next call, so ask before each use rather than keep the answer. Safe to use from several threads.</summary>
/// <param name="options">How to talk to Losant.</param>
public sealed class LosantConnector(LosantOptions options) : ILosantConnector, IDisposable
{
    private static readonly TimeSpan LongestIdle = TimeSpan.FromMinutes(15);

    private readonly Lock gate = new();
    private readonly Dictionary<LosantAccount, Kept> kept = [];
    private readonly Dictionary<(string Host, string Token), Pace> paces = [];

    /// <inheritdoc/>
    public ILosant Connect(LosantAccount account)
    {
        var plain = Plain(account);
        lock (gate)
        {
            DropIdle();
            if (!kept.TryGetValue(plain, out var known))
            {
                kept[plain] = known = new Kept(Open(plain));
                SetPaces();
            }

            known.AskedAt = options.Time.GetTimestamp();
            return known.Connection;
        }
    }

    /// <summary>Ends all connections; calls under way fail.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var each in kept.Values)
            {
                each.Connection.Dispose();
            }

            kept.Clear();
            SetPaces();
        }
    }

    /// <summary>The one spelling of an account that is allowed.</summary>
    private LosantAccount Plain(LosantAccount account)
    {
        var apiBase = ApiAddress.BaseOf(account.ApiUrl, options.AllowedHosts);
        if (!DeviceId.TryParse(account.ApplicationId, out var application))
        {
            throw Refused("the application's id is not 24 hexadecimal digits");
        }

        if (account.RequestsPerSecond is not (> 0 and <= 1000))
        {
            throw Refused("the requests per second are not above 0 and at most 1,000");
        }

        if (account.Token.Length == 0 || account.Token.Any(c => c is <= ' ' or > '~'))
        {
            throw new LosantException(
                ErrorKind.Terminal,
                LosantReason.CredentialsRejected,
                "cannot connect to Losant: the token is empty or has characters that no token has"
            );
        }

        return account with
        {
            ApiUrl = apiBase,
            ApplicationId = application.ToString(),
        };
    }

    private LosantConnection Open(LosantAccount account)
    {
        var bottom =
            options.PrimaryHandler?.Invoke(account)
            ?? Transport.Handler(account.CaPem, new Uri(account.ApiUrl).IsLoopback);
        var key = PaceKey(account);
        if (!paces.TryGetValue(key, out var pace))
        {
            paces[key] = pace = new Pace(options.Time);
        }

        var application = LosantConnection.IdOf(account.ApplicationId, nameof(account));
        return new LosantConnection(new Wire(account, options, pace, bottom), application);
    }

    private void DropIdle()
    {
        foreach (var (account, each) in kept)
        {
            if (options.Time.GetElapsedTime(each.AskedAt) > LongestIdle)
            {
                kept.Remove(account);
                each.Connection.Dispose();
                SetPaces();
            }
        }
    }

    /// <summary>Losant limits a token, whatever it is used for: the smallest rate of its accounts holds for all.</summary>
    private void SetPaces()
    {
        foreach (var (key, pace) in paces)
        {
            var rates = kept
                .Keys.Where(account => PaceKey(account) == key)
                .Select(account => account.RequestsPerSecond);
            if (rates.DefaultIfEmpty().Min() is > 0 and var rate)
            {
                pace.Allow(rate);
            }
            else
            {
                paces.Remove(key);
                pace.Dispose();
            }
        }
    }

    private static (string Host, string Token) PaceKey(LosantAccount account) =>
        (new Uri(account.ApiUrl).Authority, account.Token);

    private static LosantException Refused(string cause) =>
        new(ErrorKind.Terminal, LosantReason.RequestRefused, $"cannot connect to Losant: {cause}");

    /// <summary>A connection and the timestamp at which it was asked for last.</summary>
    private sealed class Kept(LosantConnection connection)
    {
        public LosantConnection Connection => connection;

        public long AskedAt { get; set; }
    }
}

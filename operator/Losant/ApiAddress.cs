using System.Net;
using System.Net.Sockets;

namespace EdgeRelease.Losant;

/// <summary>Which URLs and addresses the operator may talk to.</summary>
internal static class ApiAddress
{
    /// <summary>The base of an account's URL, without a slash at its end.</summary>
    /// <exception cref="LosantException">It is not allowed: Terminal, HostNotAllowed.</exception>
    public static string BaseOf(string apiUrl, IReadOnlyList<string> allowedHosts)
    {
        if (!Uri.TryCreate(apiUrl, UriKind.Absolute, out var uri) || !HasOnlyHostAndPath(uri))
        {
            throw Refused("the API URL is not a plain https://host");
        }

        if (!allowedHosts.Contains(uri.IdnHost, StringComparer.OrdinalIgnoreCase))
        {
            throw Refused("the host of the API URL is not on the operator's list");
        }

        if (uri.Scheme != Uri.UriSchemeHttps && !(uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        {
            throw Refused("the API URL is not https");
        }

        return uri.GetLeftPart(UriPartial.Path).TrimEnd('/');
    }

    /// <summary>Whether a resolved address may be connected to: public and private unicast always, this machine only
    /// for a host that names it; never link-local (cloud metadata), multicast or unspecified ones.</summary>
    public static bool IsAllowed(IPAddress address, bool hostIsLoopback)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain))
        {
            return hostIsLoopback;
        }

        if (plain.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return !plain.IsIPv6LinkLocal && !plain.IsIPv6Multicast && !plain.Equals(IPAddress.IPv6Any);
        }

        var octets = plain.GetAddressBytes();
        return octets[0] is > 0 and < 224 && (octets[0], octets[1]) != (169, 254);
    }

    private static bool HasOnlyHostAndPath(Uri uri) =>
        uri.Host.Length > 0 && uri.UserInfo.Length == 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0;

    private static LosantException Refused(string cause) =>
        new(ErrorKind.Terminal, LosantReason.HostNotAllowed, $"cannot connect to Losant: {cause}");
}

using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Pipeline.Tools.Egress;

/// <summary>
/// Tells addresses that anyone on the internet may have from those that only make sense nearer: the special-purpose registries of IANA
/// (RFC 6890 and its updates). Addresses that carry an IPv4 address inside are judged by what they carry too.
/// </summary>
public static class PublicAddress
{
    private static readonly IPNetwork[] NotPublic = [.. new[]
    {
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
        "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24",
        "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", // unspecified, loopback, and the old IPv4-compatible form
        "64:ff9b:1::/48", // local-use translation
        "100::/64", "100:0:0:1::/64", // discard, dummy
        "2001::/23", // protocol assignments: Teredo, benchmarking, ORCHID and others
        "2001:db8::/32", "3fff::/20", // documentation
        "2620:4f:8000::/48",
        "5f00::/16", // segment routing
        "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    }.Select(IPNetwork.Parse)];

    private static readonly IPNetwork Global = IPNetwork.Parse("2000::/3");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>True for an address that may be anyone's on the internet.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }

        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !NotPublic.Any(network => network.Contains(address));
        }

        if (address.ScopeId != 0)
        {
            return false;
        }

        return Translated.Contains(address) ? IsPublic(Inside(address, 12))
            : SixToFour.Contains(address) ? IsPublic(Inside(address, 2))
            : Global.Contains(address) && !NotPublic.Any(network => network.Contains(address));
    }

    private static IPAddress Inside(IPAddress address, int at)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return new IPAddress(BinaryPrimitives.ReverseEndianness(BinaryPrimitives.ReadUInt32BigEndian(bytes[at..])));
    }
}

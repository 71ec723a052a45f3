using System.Globalization;
using System.Net;

namespace Pipeline.Tools.Tests.Egress;

/// <summary>Ways to write addresses that are nobody's on the internet: every form of every kind of private IPv4 address, IPv6, names, and tricks of syntax.</summary>
internal static class PrivateSpellings
{
    /// <summary>One of each range: loopback, private, link-local (metadata of clouds), shared, this network, benchmarking, protocol assignments, multicast, reserved.</summary>
    private static readonly string[] Addresses =
    [
        "127.0.0.1", "10.1.2.3", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.100.100.200", "0.0.0.0", "198.18.0.1", "192.0.0.192", "224.0.0.1", "255.255.255.255",
    ];

    private static readonly string[] Version6 =
    [
        "::1", "::", "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:0000:0000:0001", "::0001", "0::1", "::1%25lo", "fe80::1", "FE80::1", "fe80::1%25lo", "fe80::1%251",
        "febf::1", "fec0::1", "fc00::1", "fd00:ec2::254", "fd12:3456:789a::1", "ff02::1", "ff05::2", "100::1", "2001:db8::1", "2001::1", "2001:2::1", "2001:10::1", "3fff::1",
        "5f00::1", "64:ff9b:1::1", "4000::1",
    ];

    private static readonly string[] Names =
    [
        "localhost", "LOCALHOST", "LocalHost", "localhost.", "ⓛocalhost", "ｌｏｃａｌｈｏｓｔ", "a.localhost", "a.b.localhost.", "ℓocalhost", "%6c%6f%63alhost", "loc%61lhost",
    ];

    /// <summary>AT is an address of a canary, host and port.</summary>
    private static readonly string[] Tricks =
    [
        "http://user@AT/", "http://user:pass@AT/", "http://example.com@AT/", "http://example.com%40AT/", "http://example.com:80@AT/", "http://AT@example.com:1/", "http://AT\\@example.com/",
        "http:\\\\AT/", "http:/AT/", "http:AT/", "http:///AT/", "//AT/", "AT", "http://AT\t/", " http://AT/", "http://AT/ ", "http://AT\n/", "http://\u200bAT/", "http://\u00adAT/",
        "ftp://AT/", "file://AT/", "gopher://AT/", "ws://AT/", "dict://AT/", "ldap://AT/", "jar:http://AT/!/", "data:text/plain,x", "file:///etc/passwd", "unix:///run/x.sock", "/etc/passwd", "",
        "http://?AT", "http://#@AT/", "http:AT", "HTTP://AT/", "hTTp://AT/", "http://AT?x=@example.com", "http://AT#@example.com/", "http://AT;@example.com/",
    ];

    /// <summary>Addresses to ask for. Where it can be, the port is the canary's and the path numbers the spelling.</summary>
    public static IReadOnlyList<string> All(int port) => [.. Hosts().Select((host, n) => $"http://{host}:{port}/n{n}"), .. Tricks.Select(trick => trick.Replace("AT", $"127.0.0.1:{port}", StringComparison.Ordinal))];

    /// <summary>Only what leads to this machine on any machine, so that a canary hears of it when nothing guards.</summary>
    public static IReadOnlyList<string> OfThisMachine(int port) => [.. Forms(IPAddress.Loopback).Take(18).Append("[::1]").Append("localhost").Select((host, n) => $"http://{host}:{port}/n{n}")];

    private static IEnumerable<string> Hosts() =>
        Addresses.SelectMany(address => Forms(IPAddress.Parse(address))).Concat(Version6.Select(address => $"[{address}]")).Concat(Names).Distinct(StringComparer.Ordinal);

    // The first eighteen are read as the address itself; the others carry it inside an address of IPv6.
    private static IEnumerable<string> Forms(IPAddress address)
    {
        var b = address.GetAddressBytes();
        var all = ((uint)b[0] << 24) | ((uint)b[1] << 16) | ((uint)b[2] << 8) | b[3];
        var dotted = address.ToString();
        var (high, low) = ($"{(b[0] << 8) | b[1]:x}", $"{(b[2] << 8) | b[3]:x}");
        yield return dotted;
        yield return all.ToString(CultureInfo.InvariantCulture);
        yield return $"0x{all:x8}";
        yield return $"0X{all:X}";
        yield return "0" + Convert.ToString(all, 8);
        yield return $"0x{b[0]:x}.0x{b[1]:x}.0x{b[2]:x}.0x{b[3]:x}";
        yield return string.Join('.', b.Select(part => "0" + Convert.ToString(part, 8)));
        yield return string.Join('.', b.Select(part => "0000" + Convert.ToString(part, 8)));
        yield return $"{b[0]}.{all & 0xffffff}";
        yield return $"{b[0]}.{b[1]}.{all & 0xffff}";
        yield return $"0x{b[0]:x}.{all & 0xffffff}";
        yield return $"{b[0]}.0x{b[1]:x}.0{Convert.ToString(b[2], 8)}.{b[3]}";
        yield return dotted + ".";
        yield return dotted.Replace(".", "%2e", StringComparison.Ordinal);
        yield return string.Concat(dotted.Select(one => char.IsDigit(one) ? (char)(one - '0' + '０') : one));
        yield return dotted.Replace('.', '。');
        yield return dotted.Replace('.', '．');
        yield return $"[::ffff:{dotted}]";
        yield return $"[::ffff:{high}:{low}]";
        yield return $"[0:0:0:0:0:FFFF:{high}:{low}]";
        yield return $"[::{dotted}]";
        yield return $"[::ffff:0:{dotted}]";
        yield return $"[64:ff9b::{dotted}]";
        yield return $"[64:ff9b::{high}:{low}]";
        yield return $"[64:ff9b:1::{dotted}]";
        yield return $"[2002:{high}:{low}::1]";
        yield return $"[2002:{high}:{low}:0:0:0:0:0]";
        yield return $"[2001:0:{high}:{low}::1]";
    }
}

using Pipeline.Tools.Egress;

namespace Pipeline.Tools.Generation.Vendors;

/// <summary>Which addresses are the vendor's own, and which a result may be fetched from.</summary>
internal sealed class VendorAddresses
{
    private readonly Uri _base;
    private readonly AllowedHosts _own;

    public VendorAddresses(ProviderEntry entry, EgressOptions egress)
    {
        _base = entry.BaseUrl!;
        string[] own = [Host(_base), .. entry.Hosts];
        _own = new(egress with { Hosts = own });
        Own = egress with { Hosts = [.. egress.Hosts, .. own] }; // what the operator wrote into the file counts as listed by the operator
        Results = egress with { Hosts = [.. egress.Hosts, Host(_base), .. entry.ResultHosts] };
    }

    /// <summary>For requests that carry the key: public addresses and those that the operator's file names.</summary>
    public EgressOptions Own { get; }

    /// <summary>For addresses of results, which the vendor names: no private one unless the operator listed it.</summary>
    public EgressOptions Results { get; }

    /// <summary>The base address with a path, which begins with a slash, behind it.</summary>
    public Uri At(string path) => new(_base.AbsoluteUri.TrimEnd('/') + path);

    /// <summary>A handle of the vendor's as an address that may be asked with its key; null when it leads elsewhere.</summary>
    public Uri? Handle(string? handle) =>
        Uri.TryCreate(_base, handle, out var address) && handle is not null && address.UserInfo.Length == 0 && address.Scheme == _base.Scheme && _own.Contain(address.IdnHost, address.Port) ? address : null;

    /// <summary>Whether an address is at the base address's own origin, where the key may go.</summary>
    public bool IsBase(Uri address) => address.Scheme == _base.Scheme && address.IdnHost == _base.IdnHost && address.Port == _base.Port;

    private static string Host(Uri address) => $"{(address.HostNameType == UriHostNameType.IPv6 ? $"[{address.IdnHost.Trim('[', ']')}]" : address.IdnHost)}:{address.Port}";
}

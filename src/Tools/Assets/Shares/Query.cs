namespace Pipeline.Tools.Assets.Shares;

/// <summary>The query of an address: kept in order, changed by name.</summary>
internal static class Query
{
    /// <summary>The value of a name; null when it is not there or empty.</summary>
    public static string? Value(Uri address, string name) =>
        Parts(address).Where(part => NameOf(part) == name).Select(part => Uri.UnescapeDataString(part[(name.Length + 1)..])).FirstOrDefault(value => value.Length > 0);

    /// <summary>The address with <paramref name="name"/> set and without <paramref name="dropped"/>.</summary>
    public static Uri With(Uri address, string name, string value, params string[] dropped) => new UriBuilder(address)
    {
        Query = string.Join('&', Parts(address).Where(part => NameOf(part) != name && !dropped.Contains(NameOf(part))).Append($"{name}={value}")),
        Fragment = "",
    }.Uri;

    private static string[] Parts(Uri address) => address.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries);

    private static string? NameOf(string part) => part.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals ? part[..equals] : null;
}

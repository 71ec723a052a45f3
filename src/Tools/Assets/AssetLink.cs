using ModelContextProtocol.Protocol;

namespace Pipeline.Tools.Assets;

/// <summary>Links to a version's bytes.</summary>
public static class AssetLink
{
    /// <summary>Where a link's metadata says how tools name the version.</summary>
    public const string AddressKey = "asset";

    /// <summary>The resource's address, <c>asset://workspace/path@version</c>, escaped as RFC 3986 wants it.</summary>
    public static string Uri(AssetRow row) =>
        $"asset://{row.Workspace}/{string.Join('/', row.Path.Split('/').Select(System.Uri.EscapeDataString))}@{row.Version}";

    /// <summary>A link that travels beside a result.</summary>
    public static ResourceLinkBlock To(AssetRow row) => new()
    {
        Uri = Uri(row),
        Name = row.Path[(row.Path.LastIndexOf('/') + 1)..],
        MimeType = row.MediaType,
        Size = row.SizeBytes,
        Meta = new() { [AddressKey] = row.Address },
    };
}

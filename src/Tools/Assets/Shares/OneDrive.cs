using System.Text;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Assets.Shares;

/// <summary>
/// Links of OneDrive. Of a person's: <c>1drv.ms</c> and <c>onedrive.live.com</c>, through the documented encoding of a sharing address
/// (<c>u!</c> and its unpadded base64url) at the shares endpoint. Of an organisation's (SharePoint, <c>/:v:/g/...</c>): with <c>download=1</c>.
/// </summary>
internal static partial class OneDrive
{
    public const string Name = "OneDrive";
    private const string Root = "root"; // the shared thing itself
    private static readonly string[] SharePoints = [".sharepoint.com", ".sharepoint.us", ".sharepoint.cn"];

    public static bool Owns(Uri address) => IsPersonal(address) || address.Host == "api.onedrive.com" || IsSharePoint(address);

    public static Uri? Resolve(Uri address)
    {
        var kind = IsSharePoint(address) ? SharePointKind().Match(address.AbsolutePath) : address.Host == "1drv.ms" ? ShortKind().Match(address.AbsolutePath) : Match.Empty;
        if (kind.Groups[1].Value == "f")
        {
            throw NotDownloadableError.Folder(Name);
        }

        if (kind.Groups[1].Value == "o")
        {
            throw new NotDownloadableError(Name, "document", "a notebook, which is no file", "Export it as a file, put that into OneDrive, and share the file.");
        }

        if (IsSharePoint(address))
        {
            return kind.Success ? Query.With(address, "download", "1", "web") : null;
        }

        return !IsPersonal(address) || address.AbsolutePath == "/download" ? null
            : new Uri($"https://api.onedrive.com/v1.0/shares/{Encoded(address)}/{Root}/content");
    }

    private static string Encoded(Uri address) =>
        "u!" + Convert.ToBase64String(Encoding.UTF8.GetBytes(address.AbsoluteUri)).TrimEnd('=').Replace('/', '_').Replace('+', '-');

    private static bool IsPersonal(Uri address) => address.Host is "1drv.ms" or "onedrive.live.com";

    private static bool IsSharePoint(Uri address) => SharePoints.Any(end => address.Host.EndsWith(end, StringComparison.Ordinal));

    [GeneratedRegex("^/:([a-z]):/", RegexOptions.CultureInvariant)]
    private static partial Regex SharePointKind();

    [GeneratedRegex("^/([a-z])/", RegexOptions.CultureInvariant)]
    private static partial Regex ShortKind();
}

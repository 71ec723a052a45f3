using System.Net;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Assets.Shares;

/// <summary>
/// Links of Google Drive: <c>/file/d/ID/view</c>, <c>/open?id=ID</c>, <c>/uc?id=ID</c>. A file too large to be scanned for viruses comes only after a page
/// that asks to confirm; <c>confirm=t</c> says so beforehand, and where the page comes all the same its form leads on.
/// </summary>
internal static partial class GoogleDrive
{
    public const string Name = "Google Drive";
    private const string DownloadHost = "drive.usercontent.google.com";

    public static bool Owns(Uri address) => address.Host is "drive.google.com" or "docs.google.com" or DownloadHost;

    public static Uri? Resolve(Uri address)
    {
        if (!Owns(address))
        {
            return null;
        }

        if (Folder().IsMatch(address.AbsolutePath))
        {
            throw NotDownloadableError.Folder(Name);
        }

        if (Document().Match(address.AbsolutePath) is { Success: true } document)
        {
            throw new NotDownloadableError(Name, "document", $"a Google document ({document.Groups[1].Value}), which is no file",
                "Save it as a file (File, Download), put that into Drive, and share the file.");
        }

        var id = File().Match(address.AbsolutePath) is { Success: true } file ? file.Groups[1].Value
            : ById().IsMatch(address.AbsolutePath) ? Query.Value(address, "id") : null;
        return id is null ? null
            : new Uri($"https://{DownloadHost}/download?id={Uri.EscapeDataString(id)}&export=download&confirm=t"
                + (Query.Value(address, "resourcekey") is { } key ? $"&resourcekey={Uri.EscapeDataString(key)}" : ""));
    }

    /// <summary>Where the form of a confirm page leads. It never leads to another host.</summary>
    public static Uri Confirmed(string page, Uri from)
    {
        if (page.Contains("Quota exceeded", StringComparison.OrdinalIgnoreCase) || page.Contains("Too many users", StringComparison.OrdinalIgnoreCase))
        {
            throw new NotDownloadableError(Name, "quota", "a file that was downloaded too often lately", "Share a copy of the file, or try again tomorrow.");
        }

        if (Form().Match(page) is not { Success: true } form
            || !Uri.TryCreate(from, WebUtility.HtmlDecode(form.Groups[1].Value), out var action) || (action.Host != from.Host && action.Host != DownloadHost))
        {
            throw page.Contains("accounts.google.com/", StringComparison.Ordinal) ? NotDownloadableError.SignIn(Name) : NotDownloadableError.Page(Name);
        }

        var fields = Hidden().Matches(page).Select(input => $"{Escaped(input.Groups[1].Value)}={Escaped(input.Groups[2].Value)}");
        return new UriBuilder(action) { Query = string.Join('&', fields) }.Uri;
    }

    private static string Escaped(string html) => Uri.EscapeDataString(WebUtility.HtmlDecode(html));

    [GeneratedRegex("^(/a/[^/]+)?/(drive|embeddedfolderview|folderview)(/|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Folder();

    [GeneratedRegex("^(?:/a/[^/]+)?/(document|spreadsheets|presentation|forms|drawings)/", RegexOptions.CultureInvariant)]
    private static partial Regex Document();

    [GeneratedRegex("^(?:/a/[^/]+)?/file(?:/u/[0-9]+)?/d/([A-Za-z0-9_-]+)(?:/|$)", RegexOptions.CultureInvariant)]
    private static partial Regex File();

    [GeneratedRegex("^(/a/[^/]+)?(/u/[0-9]+)?/(open|uc|download|file)$", RegexOptions.CultureInvariant)]
    private static partial Regex ById();

    [GeneratedRegex("<form[^>]*id=\"download-form\"[^>]*action=\"([^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Form();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*name=\"([^\"]+)\"[^>]*value=\"([^\"]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Hidden();
}

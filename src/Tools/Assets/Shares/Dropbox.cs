namespace Pipeline.Tools.Assets.Shares;

/// <summary>Links of Dropbox: <c>/s/KEY/NAME</c> and <c>/scl/fi/KEY/NAME?rlkey=KEY</c>. With <c>dl=1</c> the file comes, and <c>rlkey</c> must stay.</summary>
internal static class Dropbox
{
    public const string Name = "Dropbox";

    public static bool Owns(Uri address) => address.Host is "dropbox.com" or "www.dropbox.com" or "m.dropbox.com" or "paper.dropbox.com" or "dl.dropbox.com" or "dl.dropboxusercontent.com";

    public static Uri? Resolve(Uri address)
    {
        if (!Owns(address))
        {
            return null;
        }

        var path = address.AbsolutePath;
        if (address.Host == "paper.dropbox.com" || path.EndsWith(".paper", StringComparison.Ordinal))
        {
            throw new NotDownloadableError(Name, "document", "a Paper document, which is no file", "Export it as a file, put that into Dropbox, and share the file.");
        }

        if (IsUnder(path, "/sh/", "/scl/fo/", "/home", "/t/", "/l/scl/fo/"))
        {
            throw NotDownloadableError.Folder(Name);
        }

        // The hosts that begin with dl give the file by themselves.
        return address.Host.StartsWith("dl.", StringComparison.Ordinal) || !IsUnder(path, "/s/", "/scl/fi/") ? null
            : Query.With(new UriBuilder(address) { Scheme = "https", Port = -1, Host = "www.dropbox.com" }.Uri, "dl", "1", "raw");
    }

    private static bool IsUnder(string path, params string[] starts) => starts.Any(start => path.StartsWith(start, StringComparison.Ordinal));
}

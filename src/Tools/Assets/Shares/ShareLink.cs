namespace Pipeline.Tools.Assets.Shares;

/// <summary>Public share links, by the forms that their providers document: what people copy leads to a page about a file, what is fetched must be the file.</summary>
public static class ShareLink
{
    private static readonly string[] SignInHosts = ["accounts.google.com", "login.live.com", "login.microsoftonline.com", "account.live.com"];

    /// <summary>The address of the bytes that a share link stands for; any other address as it is.</summary>
    /// <exception cref="NotDownloadableError">A folder, or a document that is no file.</exception>
    public static Uri Resolve(Uri address) => GoogleDrive.Resolve(address) ?? OneDrive.Resolve(address) ?? Dropbox.Resolve(address) ?? address;

    /// <summary>Whose link it is; null when it is none that is known.</summary>
    public static string? ProviderOf(Uri address) =>
        GoogleDrive.Owns(address) ? GoogleDrive.Name : OneDrive.Owns(address) ? OneDrive.Name : Dropbox.Owns(address) ? Dropbox.Name : null;

    /// <summary>Whether a redirect to there asks a person to sign in.</summary>
    public static bool IsSignIn(Uri address) =>
        SignInHosts.Contains(address.Host, StringComparer.Ordinal) || (Dropbox.Owns(address) && address.AbsolutePath.StartsWith("/login", StringComparison.Ordinal));

    /// <summary>Where the page that came instead of a file leads on to the file.</summary>
    /// <param name="provider">Whose link was followed.</param>
    /// <param name="page">The beginning of the page.</param>
    /// <param name="from">Its address.</param>
    /// <exception cref="NotDownloadableError">Nowhere: it asks for something that no program can give.</exception>
    public static Uri Beyond(string provider, string page, Uri from) =>
        provider == GoogleDrive.Name ? GoogleDrive.Confirmed(page, from) : throw NotDownloadableError.Page(provider);
}

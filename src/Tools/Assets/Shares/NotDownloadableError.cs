using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets.Shares;

/// <summary>A share link that leads to no bytes: a folder, a document without a file, a page that asks to sign in.</summary>
public sealed class NotDownloadableError : ToolError
{
    /// <param name="provider">Whose link it is.</param>
    /// <param name="kind">folder, document, sign_in, quota or page.</param>
    /// <param name="what">What it leads to, as the end of a sentence that begins with 'That link leads to'.</param>
    /// <param name="instead">What to share instead.</param>
    public NotDownloadableError(string provider, string kind, string what, string instead) : base("not_downloadable",
        $"That {provider} link leads to {what}. {instead}") =>
        Facts = new { provider, kind, share_instead = instead };

    internal static NotDownloadableError Folder(string provider) =>
        new(provider, "folder", "a folder", "Share the file itself and import that link; a folder's files come one by one.");

    internal static NotDownloadableError SignIn(string provider) =>
        new(provider, "sign_in", "something that is not shared with everyone", "Share the file with anyone who has the link, without sign-in or password, and import that link.");

    internal static NotDownloadableError Page(string provider) =>
        new(provider, "page", "a page and not to the file", "Open it in a browser to see what it says; share the file itself with anyone who has the link.");
}

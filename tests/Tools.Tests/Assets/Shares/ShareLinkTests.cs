using Pipeline.Tools.Assets.Shares;

namespace Pipeline.Tools.Tests.Assets.Shares;

public sealed class ShareLinkTests
{
    [Theory]
    [InlineData("https://drive.google.com/file/d/1WHv5Dm1GtrDZj-AxJZd3T-NMIBXty3eV/view?usp=drive_link", "https://drive.usercontent.google.com/download?id=1WHv5Dm1GtrDZj-AxJZd3T-NMIBXty3eV&export=download&confirm=t")]
    [InlineData("https://drive.google.com/file/d/ID_1/view?usp=sharing&resourcekey=0-abc", "https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t&resourcekey=0-abc")]
    [InlineData("https://drive.google.com/file/u/0/d/ID_1/edit", "https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t")]
    [InlineData("https://drive.google.com/a/example.org/file/d/ID_1/preview", "https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t")]
    [InlineData("https://drive.google.com/open?id=ID_1", "https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t")]
    [InlineData("https://drive.google.com/uc?export=download&id=ID_1", "https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t")]
    [InlineData("https://docs.google.com/uc?export=download&id=ID_1", "https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t")]
    [InlineData("https://drive.usercontent.google.com/download?id=ID_1&export=download&authuser=0", "https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t")]
    [InlineData("https://www.dropbox.com/s/a1b2c3d4ef5gh6/example.mp4?dl=0", "https://www.dropbox.com/s/a1b2c3d4ef5gh6/example.mp4?dl=1")]
    [InlineData("https://www.dropbox.com/s/a1b2c3d4ef5gh6/example.mp4", "https://www.dropbox.com/s/a1b2c3d4ef5gh6/example.mp4?dl=1")]
    [InlineData("https://www.dropbox.com/scl/fi/abc/take%201.mov?rlkey=k3y&st=x&dl=0", "https://www.dropbox.com/scl/fi/abc/take%201.mov?rlkey=k3y&st=x&dl=1")]
    [InlineData("http://dropbox.com/scl/fi/abc/a.mov?rlkey=k3y&raw=1", "https://www.dropbox.com/scl/fi/abc/a.mov?rlkey=k3y&dl=1")]
    [InlineData("https://dl.dropboxusercontent.com/s/a1b2c3d4ef5gh6/example.mp4", "https://dl.dropboxusercontent.com/s/a1b2c3d4ef5gh6/example.mp4")]
    // The example of Microsoft's own documentation of the encoding.
    [InlineData("https://onedrive.live.com/redir?resid=1231244193912!12&authKey=1201919!12921!1", "https://api.onedrive.com/v1.0/shares/u!aHR0cHM6Ly9vbmVkcml2ZS5saXZlLmNvbS9yZWRpcj9yZXNpZD0xMjMxMjQ0MTkzOTEyITEyJmF1dGhLZXk9MTIwMTkxOSExMjkyMSEx/root/content")]
    [InlineData("https://1drv.ms/v/s!AkCh-QtrC8VfZl1k?e=7aLpVf", "https://api.onedrive.com/v1.0/shares/u!aHR0cHM6Ly8xZHJ2Lm1zL3YvcyFBa0NoLVF0ckM4VmZabDFrP2U9N2FMcFZm/root/content")]
    [InlineData("https://onedrive.live.com/download?cid=025E&resid=25EB!1396&authkey=AJ", "https://onedrive.live.com/download?cid=025E&resid=25EB!1396&authkey=AJ")]
    [InlineData("https://contoso-my.sharepoint.com/:v:/g/personal/ann_contoso_com/EabcDEF?e=xyz", "https://contoso-my.sharepoint.com/:v:/g/personal/ann_contoso_com/EabcDEF?e=xyz&download=1")]
    [InlineData("https://contoso.sharepoint.com/:i:/s/film/EabcDEF?web=1", "https://contoso.sharepoint.com/:i:/s/film/EabcDEF?download=1")]
    [InlineData("https://example.org/file/d/ID_1/view", "https://example.org/file/d/ID_1/view")]
    [InlineData("https://drive.google.com.example.org/file/d/ID_1/view", "https://drive.google.com.example.org/file/d/ID_1/view")]
    [InlineData("https://notdropbox.com/s/a/b?dl=0", "https://notdropbox.com/s/a/b?dl=0")]
    public void What_is_fetched_is_the_file(string shared, string fetched) => Assert.Equal(fetched, ShareLink.Resolve(new(shared)).AbsoluteUri);

    [Theory]
    [InlineData("https://drive.google.com/drive/folders/1AbC?usp=sharing", "folder")]
    [InlineData("https://drive.google.com/drive/u/1/folders/1AbC", "folder")]
    [InlineData("https://drive.google.com/folderview?id=1AbC", "folder")]
    [InlineData("https://docs.google.com/document/d/1AbC/edit", "document")]
    [InlineData("https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0", "document")]
    [InlineData("https://docs.google.com/presentation/d/1AbC/edit", "document")]
    [InlineData("https://www.dropbox.com/sh/abc/def?dl=0", "folder")]
    [InlineData("https://www.dropbox.com/scl/fo/abc/def?rlkey=k3y&dl=0", "folder")]
    [InlineData("https://paper.dropbox.com/doc/Notes--abc", "document")]
    [InlineData("https://www.dropbox.com/scl/fi/abc/Notes.paper?rlkey=k3y&dl=0", "document")]
    [InlineData("https://1drv.ms/f/s!AkCh", "folder")]
    [InlineData("https://1drv.ms/o/s!AkCh", "document")]
    [InlineData("https://contoso.sharepoint.com/:f:/s/film/EabcDEF?e=xyz", "folder")]
    [InlineData("https://contoso.sharepoint.com/:o:/s/film/EabcDEF?e=xyz", "document")]
    public void What_is_no_file_says_what_to_share_instead(string shared, string kind)
    {
        var refused = Assert.Throws<NotDownloadableError>(() => ShareLink.Resolve(new(shared)));

        Assert.Equal("not_downloadable", refused.Code);
        Assert.Contains($"kind = {kind},", refused.Facts!.ToString(), StringComparison.Ordinal);
        Assert.Contains("share", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_confirm_page_leads_on_by_its_form_and_to_no_other_host()
    {
        const string Page =
            """
            <!DOCTYPE html><html><head><title>Google Drive - Virus scan warning</title></head><body>
            <form id="download-form" action="https://drive.usercontent.google.com/download" method="get"><input type="submit" value="Download anyway"/>
            <input type="hidden" name="id" value="ID_1"><input type="hidden" name="export" value="download"><input type="hidden" name="confirm" value="t">
            <input type="hidden" name="uuid" value="9a-b&amp;c"></form></body></html>
            """;
        Uri from = new("https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t");

        Assert.Equal("https://drive.usercontent.google.com/download?id=ID_1&export=download&confirm=t&uuid=9a-b%26c", ShareLink.Beyond("Google Drive", Page, from).AbsoluteUri);
        Assert.Throws<NotDownloadableError>(() => ShareLink.Beyond("Google Drive", Page.Replace("https://drive.usercontent.google.com", "https://evil.example", StringComparison.Ordinal), from));
        Assert.Throws<NotDownloadableError>(() => ShareLink.Beyond("Google Drive", "<html>Quota exceeded</html>", from));
        Assert.Throws<NotDownloadableError>(() => ShareLink.Beyond("Dropbox", Page, new("https://www.dropbox.com/s/a/b?dl=1")));
    }
}

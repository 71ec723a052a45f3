using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ModelContextProtocol.Client;
using Pipeline.Tools.Assets;
using Pipeline.Tools.Egress;
using Pipeline.Tools.Tests.Serving;
using Pipeline.Tools.Tests.Webhooks;

namespace Pipeline.Tools.Tests.Assets;

public sealed class ImportTests
{
    private static readonly byte[] Film = [.. "\0\0\0\u0018ftypmp42"u8, .. RandomNumberGenerator.GetBytes(3_000_000)];

    [Fact]
    public async Task A_file_comes_in_and_goes_out_again()
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        var source = Path.Combine(house.Folder, "a.bin");
        await File.WriteAllBytesAsync(source, Film);
        var sha = Convert.ToHexStringLower(SHA256.HashData(Film));

        var came = await client.CallAsync("import_asset", new { asset = "film/a.mp4", path = source, sha256 = sha });
        var target = Path.Combine(house.Folder, "out.mp4");
        var went = await client.CallAsync("export_asset", new { asset = "film/a.mp4", path = target });

        Assert.Equal((sha, "video/mp4", Film.Length), (came.GetProperty("sha256").GetString(), came.GetProperty("media_type").GetString(), came.GetProperty("size_bytes").GetInt64()));
        Assert.Equal(Film.Length, went.GetProperty("size_bytes").GetInt64());
        Assert.Equal(Film, await File.ReadAllBytesAsync(target));
        Assert.Equal(["a.bin", "out.mp4"], Directory.GetFileSystemEntries(house.Folder).Select(Path.GetFileName).Order());
        await client.RefusedAsync("export_asset", new { asset = "film/a.mp4", path = target }, "already_exists");
        await client.CallAsync("export_asset", new { asset = "film/a.mp4", path = target, overwrite = true });
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", path = source, sha256 = new string('0', 64) }, "checksum_mismatch");
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", path = source, max_bytes = 10 }, "too_large");
    }

    [Fact]
    public async Task Nothing_outside_the_roots_is_read_whatever_leads_there()
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        var outside = Directory.CreateTempSubdirectory("pipeline-outside-");
        var secret = Path.Combine(outside.FullName, "secret.txt");
        await File.WriteAllTextAsync(secret, "secret");
        var link = Path.Combine(house.Folder, "link.txt");
        File.CreateSymbolicLink(link, secret);
        var linkedFolder = Path.Combine(house.Folder, "folder");
        Directory.CreateSymbolicLink(linkedFolder, outside.FullName);
        var data = Path.Combine(Path.GetDirectoryName(house.Folder)!, "data", "kept");
        await File.WriteAllTextAsync(data, "the house's own");
        File.CreateSymbolicLink(Path.Combine(house.Folder, "db"), data);

        foreach (var path in new[]
        {
            secret, link, Path.Combine(linkedFolder, "secret.txt"), data, Path.Combine(house.Folder, "db"), "/etc/passwd", house.Folder + "/../data/kept",
            house.Folder + "x/a", "relative.txt", "", "/", house.Folder, "/proc/self/environ", "/dev/zero", house.Folder + "/a\0b",
        })
        {
            await client.RefusedAsync("import_asset", new { asset = "film/x", path }, "path_refused");
        }

        await client.RefusedAsync("import_asset", new { asset = "film/x", path = Path.Combine(house.Folder, "none") }, "not_found");
        var list = await client.CallAsync("list_assets", new { workspace = "film" });
        Assert.Empty(list.GetProperty("assets").EnumerateArray());
        outside.Delete(recursive: true);
    }

    [Fact]
    public async Task Nothing_outside_the_roots_is_written_whatever_leads_there()
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        await client.CallAsync("put_asset", new { asset = "film/x.txt", text = "x" });
        var outside = Directory.CreateTempSubdirectory("pipeline-outside-");
        var victim = Path.Combine(outside.FullName, "victim.txt");
        await File.WriteAllTextAsync(victim, "untouched");
        Directory.CreateSymbolicLink(Path.Combine(house.Folder, "folder"), outside.FullName);
        var link = Path.Combine(house.Folder, "link.txt");
        File.CreateSymbolicLink(link, victim);

        foreach (var path in new[]
        {
            victim, Path.Combine(house.Folder, "folder", "new.txt"), house.Folder + "/../data/new.txt", "/tmp/new.txt", "new.txt", house.Folder,
        })
        {
            await client.RefusedAsync("export_asset", new { asset = "film/x.txt", path, overwrite = true }, "path_refused");
        }

        await client.RefusedAsync("export_asset", new { asset = "film/x.txt", path = link }, "already_exists");
        await client.CallAsync("export_asset", new { asset = "film/x.txt", path = link, overwrite = true }); // replaces the link, not what it leads to
        await client.RefusedAsync("export_asset", new { asset = "film/x.txt", path = Path.Combine(house.Folder, "no", "x.txt") }, "not_found");
        Assert.Equal("untouched", await File.ReadAllTextAsync(victim));
        Assert.Null(new FileInfo(link).LinkTarget);
        Assert.Equal([victim], Directory.GetFileSystemEntries(outside.FullName));
        outside.Delete(recursive: true);
    }

    [Fact]
    public async Task A_download_that_breaks_off_goes_on_where_it_stopped()
    {
        var asked = new List<string>();
        await using var server = await Receiver.StartAsync(async (message, response) =>
        {
            var range = response.HttpContext.Request.Headers.Range.ToString();
            asked.Add(range + " " + response.HttpContext.Request.Headers.IfRange);
            var from = range.Length == 0 ? 0 : int.Parse(range["bytes=".Length..^1]);
            response.Headers.ETag = "\"one\"";
            response.StatusCode = from == 0 ? 200 : 206;
            response.Headers.ContentRange = from == 0 ? default : (Microsoft.Extensions.Primitives.StringValues)$"bytes {from}-{Film.Length - 1}/{Film.Length}";
            response.ContentLength = Film.Length - from;
            await response.Body.WriteAsync(Film.AsMemory(from, Math.Min(1_200_000, Film.Length - from)));
            await response.Body.FlushAsync();
            if (from + 1_200_000 < Film.Length)
            {
                await Task.Delay(100);
                response.HttpContext.Abort();
            }
        });
        await using var house = await OpenAsync(server);
        var client = await FilmAsync(house);

        var came = await client.CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url });

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Film)), came.GetProperty("sha256").GetString());
        Assert.True(asked.Count > 1);
        Assert.All(asked.Skip(1), one => Assert.Matches("^bytes=[1-9][0-9]*- \"one\"$", one));
        Assert.Empty(Directory.GetFiles(Path.Combine(Path.GetDirectoryName(house.Folder)!, "data", "work")));
    }

    [Fact]
    public async Task Redirects_are_followed_hop_by_hop_and_never_into_the_house()
    {
        await using var inner = await Receiver.StartAsync(_ => 200);
        await using var server = await Receiver.StartAsync((message, response) =>
        {
            switch (response.HttpContext.Request.Query["to"].ToString())
            {
                case "file":
                    return response.Body.WriteAsync(Film.AsMemory(0, 1000)).AsTask();
                case "loop":
                    response.Redirect("/hook?to=loop");
                    break;
                case "inner":
                    response.Redirect(inner.Url);
                    break;
                case "scheme":
                    response.Redirect("file:///etc/passwd");
                    break;
                default:
                    response.Redirect("/hook?to=file");
                    break;
            }

            return Task.CompletedTask;
        });
        await using var house = await OpenAsync(server);
        var client = await FilmAsync(house);

        var came = await client.CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url + "?secret=1" });
        await client.RefusedAsync("import_asset", new { asset = "film/b.mp4", url = server.Url + "?to=loop" }, "import_failed");
        await client.RefusedAsync("import_asset", new { asset = "film/b.mp4", url = server.Url + "?to=inner" }, "egress_refused");
        await client.RefusedAsync("import_asset", new { asset = "film/b.mp4", url = server.Url + "?to=scheme" }, "egress_refused");
        var asset = await client.CallAsync("get_asset", new { asset = "film/a.mp4" });

        Assert.Equal(1000, came.GetProperty("size_bytes").GetInt64());
        Assert.Equal(0, inner.Waiting);
        Assert.DoesNotContain("secret=1", asset.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_fetched_says_why()
    {
        await using var server = await Receiver.StartAsync(async (message, response) =>
        {
            var what = response.HttpContext.Request.Query["what"].ToString();
            response.StatusCode = what switch { "missing" => 404, "busy" => 503, _ => 200 };
            await response.Body.WriteAsync(what == "page" ? Encoding.UTF8.GetBytes("<!DOCTYPE html><html></html>") : Film.AsMemory(0, 5000));
        });
        await using var house = await OpenAsync(server);
        var client = await FilmAsync(house);

        var missing = await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url + "?what=missing" }, "import_failed");
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url + "?what=busy" }, "import_failed");
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url + "?what=page" }, "type_mismatch");
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url, max_bytes = 100 }, "too_large");
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = "http://127.0.0.1:1/" }, "egress_refused");
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4" }, "invalid_argument");
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url, path = "/x" }, "invalid_argument");
        await client.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = server.Url, sha256 = "abc" }, "invalid_argument");
        var guest = await house.ConnectAsync("guest", egress: false);
        await guest.RefusedAsync("import_asset", new { asset = "film/a.mp4", url = "https://8.8.8.8/a.mp4" }, "forbidden");

        Assert.Equal(404, missing.GetProperty("facts").GetProperty("status").GetInt32());
        await client.CallAsync("import_asset", new { asset = "film/a.mp4", url = server.Url });
    }

    [Theory]
    [InlineData("a.m4a", "AAAAGGZ0eXBtcDQy", "audio/mp4")]
    [InlineData("a.txt", "AAAAGGZ0eXBtcDQy", "video/mp4")]
    [InlineData("a.mp4", "I0VYVE0zVQo=", "text/plain")]
    [InlineData("a.srt", "MQowMA==", "application/x-subrip")]
    [InlineData("a", "iVBORw0KGgo=", "image/png")]
    [InlineData("a.bin", "AAEC", "application/octet-stream")]
    public void A_type_is_what_the_bytes_say_told_closer_by_the_name(string name, string head, string type) =>
        Assert.Equal(type, MediaTypes.Of(name, Convert.FromBase64String(head)));

    private static Task<House> OpenAsync(Receiver server) => House.OpenAsync(services => services
        .Replace(ServiceDescriptor.Singleton(new EgressOptions { Hosts = [server.Host] }))
        .Replace(ServiceDescriptor.Singleton(new ImportOptions { Backoff = TimeSpan.FromMilliseconds(1), MaxAttempts = 4 })));

    private static async Task<McpClient> FilmAsync(House house)
    {
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        return client;
    }
}

using System.Text;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Assets;

public sealed class AssetToolsTests
{
    [Fact]
    public async Task A_prefix_is_found_in_either_spelling()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/caf\u00e9.txt", text = "x" });

        var listed = await client.CallAsync("list_assets", new { workspace = "film", prefix = "cafe\u0301" });

        Assert.Equal("film/caf\u00e9.txt", Assert.Single(listed.GetProperty("assets").EnumerateArray()).GetProperty("asset").GetString());
    }

    [Fact]
    public async Task A_listing_goes_page_by_page_and_says_who_locks()
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        foreach (var path in new[] { "shots/1.txt", "shots/2.txt", "shots/3.txt", "notes.txt" })
        {
            await client.CallAsync("put_asset", new { asset = "film/" + path, text = path });
        }

        await LockRows.HoldAsync(house, "film", "shots/3.txt", "ann", token: 7);

        var first = await client.CallAsync("list_assets", new { workspace = "film", prefix = "shots/", limit = 2 });
        var second = await client.CallAsync("list_assets", new { workspace = "film", prefix = "shots/", limit = 2, cursor = first.GetProperty("cursor").GetString() });

        Assert.Equal(["film/shots/1.txt", "film/shots/2.txt"], first.GetProperty("assets").EnumerateArray().Select(one => one.GetProperty("asset").GetString()));
        var last = Assert.Single(second.GetProperty("assets").EnumerateArray());
        Assert.Equal("ann", last.GetProperty("locked_by").GetString());
        Assert.Equal(11, last.GetProperty("size_bytes").GetInt64());
        Assert.False(second.TryGetProperty("cursor", out _));
        await client.RefusedAsync("list_assets", new { workspace = "film", limit = 0 }, "invalid_argument");
        await client.RefusedAsync("list_assets", new { workspace = "film", limit = 101 }, "invalid_argument");
    }

    [Fact]
    public async Task Everything_known_of_an_asset_comes_in_one_answer()
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        await client.CallAsync("put_asset", new { asset = "film/a b.txt", text = "one", metadata = new { shot = 1 } });
        await client.CallAsync("put_asset", new { asset = "film/a b.txt", text = "two!" });
        await LockRows.HoldAsync(house, "film", "a b.txt", "ann", token: 7);

        var result = await client.RawAsync("get_asset", new { asset = "film/a b.txt@1" });
        var asset = result.StructuredContent!.Value;

        Assert.Equal(1, asset.GetProperty("version").GetInt64());
        Assert.Equal(2, asset.GetProperty("current_version").GetInt64());
        Assert.Equal(1, asset.GetProperty("metadata").GetProperty("shot").GetInt32());
        Assert.Equal("put_asset", asset.GetProperty("lineage").GetProperty("tool").GetString());
        Assert.Equal([2, 1], asset.GetProperty("versions").EnumerateArray().Select(one => one.GetProperty("version").GetInt64()));
        var held = Assert.Single(asset.GetProperty("locks").EnumerateArray());
        Assert.Equal("ann", held.GetProperty("holder").GetString());
        Assert.False(held.TryGetProperty("token", out _));
        Assert.Equal("asset://film/a%20b.txt@1", Assert.Single(result.Content.OfType<ResourceLinkBlock>()).Uri);
    }

    [Fact]
    public async Task Pages_of_text_give_the_whole_text_whatever_their_length()
    {
        const string Text = "aé€😀b ä€ 😀😀 end";
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        await client.CallAsync("put_asset", new { asset = "film/t.txt", text = Text });
        var size = Encoding.UTF8.GetByteCount(Text);

        for (var length = 1; length <= size; length++)
        {
            var whole = new StringBuilder();
            for (var offset = 0; offset < size; offset += length)
            {
                var page = await client.CallAsync("read_asset", new { asset = "film/t.txt", offset, length });
                whole.Append(page.GetProperty("text").GetString());
                Assert.Equal(size, page.GetProperty("total_bytes").GetInt64());
            }

            Assert.Equal(Text, whole.ToString());
        }
    }

    [Fact]
    public async Task Bytes_come_as_base64_and_ranges_outside_are_refused()
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        byte[] bytes = [0, 1, 2, 0x80, 0xff, 5];
        await client.CallAsync("put_asset", new { asset = "film/b.bin", base64 = Convert.ToBase64String(bytes) });
        await client.CallAsync("put_asset", new { asset = "film/lies.txt", base64 = Convert.ToBase64String(bytes) });

        var middle = await client.CallAsync("read_asset", new { asset = "film/b.bin", offset = 1, length = 3 });
        var lies = await client.CallAsync("read_asset", new { asset = "film/lies.txt" });
        var beyond = await client.CallAsync("read_asset", new { asset = "film/b.bin", offset = 99 });

        Assert.Equal(bytes[1..4], middle.GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(4, middle.GetProperty("next_offset").GetInt64());
        Assert.Equal(bytes, lies.GetProperty("base64").GetBytesFromBase64());
        Assert.Equal(0, beyond.GetProperty("size_bytes").GetInt64());
        await client.RefusedAsync("read_asset", new { asset = "film/b.bin", offset = -1 }, "invalid_argument");
        await client.RefusedAsync("read_asset", new { asset = "film/b.bin", length = (1 << 20) + 1 }, "invalid_argument");
        await client.RefusedAsync("read_asset", new { asset = "film/none" }, "not_found");
    }

    [Fact]
    public async Task Metadata_is_replaced_as_a_whole_and_held_against_the_schema()
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        await client.CallAsync("put_asset", new { asset = "film/x.txt", text = "x", metadata = new { old = true } });
        await client.CallAsync("update_workspace", new { workspace = "film", metadata_schema = new { fields = new { score = new { type = "number", max = 1 } } } });

        var set = await client.CallAsync("set_metadata", new { asset = "film/x.txt", metadata = new { score = 0.5 } });
        var asset = await client.CallAsync("get_asset", new { asset = "film/x.txt" });
        var events = await client.CallAsync("wait_events", new { workspace = "film", kinds = new[] { "asset.metadata" } });

        Assert.Equal(1, set.GetProperty("version").GetInt64());
        Assert.Equal("""{"score":0.5}""", asset.GetProperty("metadata").GetRawText());
        Assert.Single(events.GetProperty("events").EnumerateArray());
        await client.RefusedAsync("set_metadata", new { asset = "film/x.txt", metadata = new { score = 2 } }, "invalid_argument");
        await client.RefusedAsync("set_metadata", new { asset = "film/x.txt", metadata = new { }, if_version = 9 }, "version_conflict");
        await client.RefusedAsync("set_metadata", new { asset = "film/none", metadata = new { } }, "not_found");
    }

    [Fact]
    public async Task A_deleted_asset_keeps_its_versions_and_comes_back_without_moving_bytes()
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        var first = await client.CallAsync("put_asset", new { asset = "film/x.txt", text = "one" });
        await client.CallAsync("put_asset", new { asset = "film/x.txt", text = "two" });
        await client.RefusedAsync("restore_asset", new { asset = "film/x.txt" }, "invalid_argument");
        await client.RefusedAsync("delete_asset", new { asset = "film/x.txt@1" }, "version_conflict");

        await client.CallAsync("delete_asset", new { asset = "film/x.txt" });
        await client.RefusedAsync("get_asset", new { asset = "film/x.txt" }, "not_found");
        await client.RefusedAsync("delete_asset", new { asset = "film/x.txt" }, "not_found");
        var old = await client.CallAsync("read_asset", new { asset = "film/x.txt@1" });
        var back = await client.CallAsync("restore_asset", new { asset = "film/x.txt" });
        var early = await client.CallAsync("restore_asset", new { asset = "film/x.txt@1" });

        Assert.Equal("one", old.GetProperty("text").GetString());
        Assert.Equal(3, back.GetProperty("version").GetInt64());
        Assert.Equal(4, early.GetProperty("version").GetInt64());
        Assert.Equal(first.GetProperty("sha256").GetString(), early.GetProperty("sha256").GetString());
        var lineage = (await client.CallAsync("get_asset", new { asset = "film/x.txt" })).GetProperty("lineage");
        Assert.Equal("film/x.txt@1", Assert.Single(lineage.GetProperty("sources").EnumerateArray()).GetString());
        await client.RefusedAsync("restore_asset", new { asset = "film/x.txt@9" }, "not_found");
    }

    [Theory]
    [InlineData("set_metadata")]
    [InlineData("delete_asset")]
    [InlineData("restore_asset")]
    public async Task A_lock_bites_on_every_writing_tool(string tool)
    {
        await using var house = await House.OpenAsync();
        var client = await FilmAsync(house);
        await client.CallAsync("put_asset", new { asset = "film/x.txt", text = "one" });
        await LockRows.HoldAsync(house, "film", "x.txt", "tester", token: 7);
        var asset = tool == "restore_asset" ? "film/x.txt@1" : "film/x.txt";
        Dictionary<string, object> arguments = new() { ["asset"] = asset };
        if (tool == "set_metadata")
        {
            arguments["metadata"] = new { };
        }

        await client.RefusedAsync(tool, arguments, "lock_held");
        await client.RefusedAsync(tool, new Dictionary<string, object>(arguments) { ["lock_token"] = 6 }, "stale_token");
        await client.CallAsync(tool, new Dictionary<string, object>(arguments) { ["lock_token"] = 7 });
    }

    private static async Task<McpClient> FilmAsync(House house)
    {
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        return client;
    }
}

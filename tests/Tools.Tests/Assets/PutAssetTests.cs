using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Assets;

public sealed class PutAssetTests
{
    [Fact]
    public async Task Each_put_makes_the_next_version()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });

        var first = await client.CallAsync("put_asset", new { asset = "film/notes.txt", text = "one" });
        var second = await client.CallAsync("put_asset", new { asset = "film/notes.txt", text = "two", if_version = 1 });

        Assert.Equal(1, first.GetProperty("version").GetInt64());
        Assert.Equal(2, second.GetProperty("version").GetInt64());
        await client.RefusedAsync("put_asset", new { asset = "film/notes.txt", text = "three", if_version = 1 }, "version_conflict");
        await client.RefusedAsync("put_asset", new { asset = "film/notes.txt", text = "three", if_version = 0 }, "version_conflict");
    }

    [Theory]
    [InlineData("film")]
    [InlineData("film/")]
    [InlineData("film/../x")]
    [InlineData("film//x")]
    [InlineData("film/ ")]
    [InlineData("film/a/ /b")]
    [InlineData("film/a%2Fb")]
    [InlineData("film/x@3")]
    [InlineData("film/a\u0000b")]
    [InlineData("film/a\u202eb")]
    public async Task A_bad_name_is_refused(string asset)
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });

        await client.RefusedAsync("put_asset", new { asset, text = "x" }, "invalid_argument");
    }

    [Fact]
    public async Task An_unknown_workspace_is_not_made()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();

        await client.RefusedAsync("put_asset", new { asset = "film/x", text = "x" }, "not_found");
    }

    [Fact]
    public async Task A_name_of_two_thousand_characters_is_refused()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });

        await client.RefusedAsync("put_asset", new { asset = "film/" + new string('a', 2000), text = "x" }, "invalid_argument");
    }

    [Fact]
    public async Task A_shared_lock_lets_nobody_write_and_says_so()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        var held = await client.CallAsync("acquire_lock", new { asset = "film/x", mode = "shared" });

        var error = await client.RefusedAsync("put_asset", new { asset = "film/x", text = "x", lock_token = held.GetProperty("token").GetInt64() }, "stale_token");

        Assert.Equal("shared", error.GetProperty("facts").GetProperty("mode").GetString());
    }
}

using ModelContextProtocol.Client;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Audit;

public sealed class ReadAuditTests
{
    [Fact]
    public async Task The_log_tells_who_did_what_refusals_included()
    {
        await using var house = await House.OpenAsync();
        var client = await LoggedAsync(house);
        await client.RefusedAsync("put_asset", new { asset = "film/0.txt", text = "x", if_version = 9 }, "version_conflict");

        var first = await client.CallAsync("read_audit", new { workspace = "film", limit = 4 });
        var second = await client.CallAsync("read_audit", new { workspace = "film", cursor = first.GetProperty("cursor").GetInt64() });
        var future = await client.CallAsync("read_audit", new { workspace = "film", since = "2999-01-01" });

        Assert.True(first.GetProperty("verified").GetBoolean());
        Assert.True(second.GetProperty("verified").GetBoolean());
        Assert.Equal(first.GetProperty("chain_head").GetString(), second.GetProperty("entries").EnumerateArray().Last().GetProperty("hash").GetString());
        Assert.Equal("version_conflict", second.GetProperty("entries").EnumerateArray().Last().GetProperty("outcome").GetString());
        Assert.Equal("tester", second.GetProperty("entries")[0].GetProperty("principal").GetString());
        Assert.Empty(future.GetProperty("entries").EnumerateArray());
        await client.RefusedAsync("read_audit", new { workspace = "film", since = "yesterday" }, "invalid_argument");
    }

    [Theory]
    [InlineData("update audit set outcome='ok ' where sequence=4", 4)]
    [InlineData("update audit set agent='other' where sequence=1", 1)]
    [InlineData("delete from audit where sequence=3", 3)]
    [InlineData("delete from audit where sequence=7", 7)]
    [InlineData("update audit set sequence=-sequence where sequence in (2, 3); update audit set sequence=5+sequence where sequence<0", 2)]
    public async Task A_changed_row_is_found_and_named(string tampering, long sequence)
    {
        await using var house = await House.OpenAsync();
        var client = await LoggedAsync(house);
        await house.Database.TransactAsync(async tx => await tx.ExecuteAsync(tampering), CancellationToken.None);

        var page = await client.CallAsync("read_audit", new { workspace = "film", limit = 1 });

        Assert.False(page.GetProperty("verified").GetBoolean());
        Assert.Equal(sequence, page.GetProperty("broken_at").GetInt64());
    }

    [Fact]
    public async Task A_page_vouches_for_itself_only()
    {
        await using var house = await House.OpenAsync();
        var client = await LoggedAsync(house);
        await house.Database.TransactAsync(async tx => await tx.ExecuteAsync("update audit set tool='x' where sequence=5"), CancellationToken.None);

        var early = await client.CallAsync("read_audit", new { workspace = "film", cursor = 1, limit = 2 });
        var late = await client.CallAsync("read_audit", new { workspace = "film", cursor = 3, limit = 2 });

        Assert.True(early.GetProperty("verified").GetBoolean());
        Assert.Equal(5, late.GetProperty("broken_at").GetInt64());
    }

    private static async Task<McpClient> LoggedAsync(House house)
    {
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        for (var i = 0; i < 6; i++)
        {
            await client.CallAsync("put_asset", new { asset = $"film/{i}.txt", text = "x" });
        }

        return client;
    }
}

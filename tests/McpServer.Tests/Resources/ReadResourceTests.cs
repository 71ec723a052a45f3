using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipeline.McpServer.Tests.Serving;

namespace Pipeline.McpServer.Tests.Resources;

public sealed class ReadResourceTests
{
    private const string Modern = "2026-07-28";
    private const string Legacy = "2025-11-25";

    [Theory]
    [InlineData(Modern)]
    [InlineData(Legacy)]
    public async Task Text_reads_as_text_and_bytes_as_a_blob(string version)
    {
        await using var studio = await Studio.OpenAsync();
        var client = await studio.ConnectAsync(version);
        await PutAsync(client, "film/notes/größe.txt", text: "Grüße");
        await PutAsync(client, "film/data.bin", base64: "AAEC/w==");

        var listed = await client.ListResourcesAsync();
        var text = await client.ReadResourceAsync(listed.Single(one => one.Name == "film/notes/größe.txt").Uri);
        var blob = await client.ReadResourceAsync("asset://film/data.bin");

        Assert.Equal("Grüße", Assert.IsType<TextResourceContents>(text.Contents.Single()).Text);
        Assert.Equal([0, 1, 2, 255], Assert.IsType<BlobResourceContents>(blob.Contents.Single()).DecodedData.ToArray());
        Assert.Equal(version == Modern ? TimeSpan.FromMinutes(10) : null, text.TimeToLive);
    }

    [Theory]
    [InlineData(Modern, McpErrorCode.InvalidParams)]
    [InlineData(Legacy, McpErrorCode.ResourceNotFound)]
    public async Task What_is_not_there_is_not_found_by_its_address(string version, McpErrorCode code)
    {
        await using var studio = await Studio.OpenAsync();
        var owner = await studio.ConnectAsync(version);
        await PutAsync(owner, "film/a.txt", text: "secret");
        var other = await studio.ConnectAsync(version, null, "another");

        foreach (var uri in new[] { "asset://film/a.txt@1", "asset://film/b.txt", "asset://nowhere/a.txt", "test://x" })
        {
            var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await other.ReadResourceAsync(uri));
            Assert.Equal(code, refused.ErrorCode);
            Assert.Equal(uri, refused.Data["uri"]?.ToString());
        }
    }

    [Fact]
    public async Task A_large_asset_is_refused_with_a_link_where_there_is_http()
    {
        await using var studio = await Studio.OpenAsync();
        var client = await studio.ConnectAsync(baseUrl: new Uri("http://127.0.0.1:9"));
        await PutAsync(client, "film/large.bin", base64: Convert.ToBase64String(new byte[(1024 * 1024) + 1]));

        var refused = await Assert.ThrowsAsync<McpProtocolException>(async () => await client.ReadResourceAsync("asset://film/large.bin@1"));

        Assert.Equal("too_large", refused.Data["code"]?.ToString());
        Assert.Contains("http://127.0.0.1:9/download/", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_goes_from_the_newest_over_all_pages_and_holds_what_the_caller_sees()
    {
        await using var studio = await Studio.OpenAsync();
        var writer = await studio.ConnectAsync();
        for (var at = 0; at < 103; at++)
        {
            await PutAsync(writer, $"film/{at:000}.txt", text: "x");
        }

        await PutAsync(writer, "hidden/x.txt", text: "x");
        var reader = await studio.ConnectAsync(null, null, "film");

        var first = await reader.ListResourcesAsync(new ListResourcesRequestParams());
        var second = await reader.ListResourcesAsync(new ListResourcesRequestParams { Cursor = first.NextCursor });

        Assert.Equal(100, first.Resources.Count);
        Assert.Equal(Enumerable.Range(0, 103).Reverse().Select(at => $"film/{at:000}.txt"), first.Resources.Concat(second.Resources).Select(one => one.Name));
        Assert.Null(second.NextCursor);
        await Assert.ThrowsAsync<McpProtocolException>(async () => await reader.ListResourcesAsync(new ListResourcesRequestParams { Cursor = "nonsense!" }));
    }

    private static async Task PutAsync(McpClient client, string asset, string? text = null, string? base64 = null)
    {
        await client.CallToolAsync("create_workspace", new Dictionary<string, object?> { ["workspace"] = asset.Split('/')[0] });
        var arguments = new Dictionary<string, object?> { ["asset"] = asset, [text is null ? "base64" : "text"] = text ?? base64 };
        var result = await client.CallToolAsync("put_asset", arguments);
        Assert.False(result.IsError ?? false, JsonSerializer.Serialize(result.StructuredContent));
    }
}

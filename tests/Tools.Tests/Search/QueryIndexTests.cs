using System.Text.Json;
using ModelContextProtocol.Client;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Search;

public sealed class QueryIndexTests
{
    private const string Transcript =
        """
        WEBVTT

        00:01.000 --> 00:03.500
        The red car waits at the crossing.

        00:04.000 --> 00:06.000
        She opens the door and steps outside.
        """;

    [Fact]
    public async Task Words_lead_to_the_cues_own_times()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house);

        var answer = await client.CallAsync("query_index", new { workspace = "film", query = "the moment she opened a door" });

        var hit = answer.GetProperty("hits")[0];
        Assert.Equal("film/scene.mp4", hit.GetProperty("asset").GetString());
        Assert.Equal(4.0, hit.GetProperty("start_seconds").GetDouble());
        Assert.Equal(6.0, hit.GetProperty("end_seconds").GetDouble());
        Assert.Equal("transcript", hit.GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_source_replaces_only_its_own_entries()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house);
        var tags = new[] { new { start_seconds = 0, end_seconds = 2, text = "crossing at night", label = "scene", score = 0.9 } };
        await client.CallAsync("index_asset", new { asset = "film/scene.mp4", tags, source = "tagger" });

        var filtered = await client.CallAsync("query_index", new { workspace = "film", query = "crossing", filter = new { label = "scene", score = new { gte = 0.5 } } });
        await client.CallAsync("index_asset", new { asset = "film/scene.mp4", tags = Array.Empty<object>(), source = "tagger" });
        var after = await client.CallAsync("query_index", new { workspace = "film", query = "crossing" });

        Assert.Equal("frame_tag", Assert.Single(filtered.GetProperty("hits").EnumerateArray()).GetProperty("kind").GetString());
        Assert.Equal("transcript", Assert.Single(after.GetProperty("hits").EnumerateArray()).GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_broken_transcript_names_its_line_and_leaves_the_old_one()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house);

        var error = await client.RefusedAsync("index_asset",
            new { asset = "film/scene.mp4", transcript = "WEBVTT\n\n00:09.000 --> 00:02.000\nbackwards" }, "invalid_transcript");

        Assert.Equal(3, error.GetProperty("facts").GetProperty("line").GetInt32());
        Assert.NotEmpty((await client.CallAsync("query_index", new { workspace = "film", query = "red car" })).GetProperty("hits").EnumerateArray());
    }

    [Fact]
    public async Task Another_workspace_is_not_searched()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house);
        await client.CallAsync("create_workspace", new { workspace = "other" });

        var answer = await client.CallAsync("query_index", new { workspace = "other", query = "red car" });

        Assert.Empty(answer.GetProperty("hits").EnumerateArray());
        var guest = await house.ConnectAsync("guest", Pipeline.Tools.Calls.Role.Member, ["other"]);
        await guest.RefusedAsync("query_index", new { workspace = "film", query = "red car" }, "not_found");
    }

    [Theory]
    [InlineData("""{"workspace":"film","query":""}""")]
    [InlineData("""{"workspace":"film","query":"x","limit":0}""")]
    [InlineData("""{"workspace":"film","query":"x","limit":101}""")]
    [InlineData("""{"workspace":"film","query":"x","min_score":2}""")]
    [InlineData("""{"workspace":"film","query":"x","kinds":["picture"]}""")]
    [InlineData("""{"workspace":"film","query":"x","filter":{"label":{"like":"a"}}}""")]
    public async Task Bad_queries_are_refused(string arguments)
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house);

        await client.RefusedAsync("query_index", JsonSerializer.Deserialize<JsonElement>(arguments), "invalid_argument");
    }

    private static async Task<McpClient> PreparedAsync(House house)
    {
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/scene.mp4", text = "not really a film" });
        await client.CallAsync("index_asset", new { asset = "film/scene.mp4", transcript = Transcript });
        return client;
    }
}

using ModelContextProtocol.Client;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Tests.Media;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Ingest;

[Collection("media")]
public sealed class IngestTests(Samples samples)
{
    [Fact]
    public async Task What_arrives_is_found_by_its_metadata_without_being_asked()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/harbour_dawn.mp4", base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(samples.VideoOnly)), metadata = new { shot = 3, mood = "quiet" } });

        await IndexedAsync(house, client, ("film/harbour_dawn.mp4", "indexed"));

        var hits = await client.CallAsync("query_index", new { workspace = "film", query = "harbour at dawn", filter = new Dictionary<string, object> { ["metadata.shot"] = 3 } });
        Assert.Equal("film/harbour_dawn.mp4", Assert.Single(hits.GetProperty("hits").EnumerateArray()).GetProperty("asset").GetString());
        var details = await client.CallAsync("get_asset", new { asset = "film/harbour_dawn.mp4" });
        Assert.Equal("h264", details.GetProperty("facts").GetProperty("streams")[0].GetProperty("codec").GetString());
    }

    [Fact]
    public async Task A_transcript_speaks_for_the_media_of_its_name()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/one.mp4", base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(samples.VideoOnly)) });
        await client.CallAsync("put_asset", new { asset = "film/one.vtt", text = "WEBVTT\n\n00:01.000 --> 00:02.000\nThe lighthouse keeper waves.\n" });

        await IndexedAsync(house, client, ("film/one.vtt", "indexed"));

        var hit = (await client.CallAsync("query_index", new { workspace = "film", query = "lighthouse", kinds = new[] { "transcript" } })).GetProperty("hits")[0];
        Assert.Equal("film/one.mp4", hit.GetProperty("asset").GetString());
        Assert.Equal(1.0, hit.GetProperty("start_seconds").GetDouble());
    }

    [Fact]
    public async Task What_cannot_be_read_says_why_and_stops_nothing()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/bad.mp4", text = "words" });
        await client.CallAsync("put_asset", new { asset = "film/good.txt", text = "words" });

        await IndexedAsync(house, client, ("film/good.txt", "indexed"), ("film/bad.mp4", "failed"));

        var details = await client.CallAsync("get_asset", new { asset = "film/bad.mp4" });
        Assert.Equal("failed", details.GetProperty("index").GetProperty("state").GetString());
        Assert.Contains("not a media file", details.GetProperty("index").GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_workspace_may_do_without()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film", auto_index = false });
        await client.CallAsync("put_asset", new { asset = "film/good.txt", text = "words" });

        Assert.False((await client.CallAsync("get_asset", new { asset = "film/good.txt" })).TryGetProperty("index", out _));
    }

    // Runs the background works until the index knows the asset.
    private static async Task IndexedAsync(House house, McpClient client, params (string Asset, string State)[] wanted)
    {
        using var ending = new CancellationTokenSource();
        var works = house.GetAll<IBackgroundWork>().Select(work => work.RunAsync(ending.Token)).ToArray();
        foreach (var (asset, state) in wanted)
        {
            while ((await client.CallAsync("get_asset", new { asset })) is var details && (!details.TryGetProperty("index", out var index) || index.GetProperty("state").GetString() != state))
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }

        await ending.CancelAsync();
        await Task.WhenAll(works).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

using System.Text.Json;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Media;

/// <summary>The media tools through the public door, on media that ffmpeg made.</summary>
[Collection("media")]
public sealed class MediaToolTests(Samples samples)
{
    [Fact]
    public async Task A_hit_becomes_a_segment_and_only_its_bytes_are_read()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Mp4);
        var tags = new[] { new { start_seconds = 4.2, end_seconds = 5.6, text = "a ball rolls" } };
        await client.CallAsync("index_asset", new { asset = "film/one.mp4", tags });
        var hit = (await client.CallAsync("query_index", new { workspace = "film", query = "rolling ball" })).GetProperty("hits")[0];

        var cut = await client.CallAsync("extract_segment", new { hit_id = hit.GetProperty("hit_id").GetString(), output = "film/ball.mp4" });

        Assert.Equal("remux", cut.GetProperty("method").GetString());
        Assert.Equal(4.0, cut.GetProperty("start_seconds").GetDouble(), 3);
        Assert.Equal(4.2, cut.GetProperty("requested_start_seconds").GetDouble());
        Assert.InRange(cut.GetProperty("bytes_read").GetInt64(), 1, cut.GetProperty("source_bytes").GetInt64() / 2);
        Assert.InRange(cut.GetProperty("saved_share").GetDouble(), 0.5, 1);
        var probe = await client.CallAsync("probe_media", new { asset = "film/ball.mp4" });
        Assert.Equal("h264", probe.GetProperty("streams")[0].GetProperty("codec").GetString());
        var report = await client.CallAsync("report_costs", new { workspace = "film" });
        Assert.Equal(cut.GetProperty("source_bytes").GetInt64() - cut.GetProperty("bytes_read").GetInt64(), report.GetProperty("saved_bytes").GetInt64());
    }

    [Fact]
    public async Task A_region_is_delivered_as_that_region()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Mp4);

        var result = await client.RawAsync("extract_frames", new { asset = "film/one.mp4", at_seconds = new[] { 1.0, 3.0 }, region = new { x = 10, y = 10, width = 64, height = 64 } });

        Assert.False(result.IsError ?? false);
        Assert.Equal(2, result.Content.OfType<ImageContentBlock>().Count());
        var frame = result.StructuredContent!.Value.GetProperty("frames")[0];
        Assert.Equal(64, frame.GetProperty("width").GetInt32());
        Assert.InRange(result.StructuredContent!.Value.GetProperty("saved_share").GetDouble(), 0.3, 1);
    }

    [Fact]
    public async Task A_repeated_intent_shows_its_pictures_and_links_again()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Mp4);
        var frames = new { asset = "film/one.mp4", at_seconds = new[] { 1.0 }, idempotency_key = "frames" };
        var cut = new { asset = "film/one.mp4", start_seconds = 1.0, end_seconds = 3.0, output = "film/cut.mp4", idempotency_key = "cut" };
        await client.RawAsync("extract_frames", frames);
        var first = await client.RawAsync("extract_segment", cut);

        var shown = await client.RawAsync("extract_frames", frames);
        var again = await client.RawAsync("extract_segment", cut);

        Assert.Single(shown.Content.OfType<ImageContentBlock>());
        Assert.Equal(first.Content.OfType<ResourceLinkBlock>().Single().Uri, again.Content.OfType<ResourceLinkBlock>().Single().Uri);
        Assert.Equal(1, again.StructuredContent!.Value.GetProperty("version").GetInt64());
        var metered = await house.Database.ReadAsync(query => query.FirstAsync<long>("select count(*) from audit where tool='extract_frames'"), CancellationToken.None);
        Assert.Equal(1, metered);
    }

    [Fact]
    public async Task A_still_is_one_tile_among_those_of_films()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Mp4);
        var frame = (await client.CallAsync("extract_frames", new { asset = "film/one.mp4", at_seconds = new[] { 1.0 }, format = "png", output = "film/stills" })).GetProperty("frames")[0];
        var still = frame.GetProperty("asset").GetString()!;

        var sheet = await client.CallAsync("contact_sheet", new { assets = new[] { still, "film/one.mp4", still } });

        Assert.Equal([1, 4, 1], sheet.GetProperty("tiles").EnumerateArray().Select(tile => tile.GetProperty("times_seconds").GetArrayLength()));
        var stillClip = await client.RefusedAsync("compose_media", new { tracks = new { video = new[] { new { asset = "film/one.mp4", end_seconds = 1.0 }, new { asset = still, end_seconds = 1.0 } } }, output = "film/no.mp4" }, "not_supported");
        Assert.Contains("still", stillClip.GetProperty("message").GetString(), StringComparison.Ordinal);
        var every = await client.RefusedAsync("contact_sheet", new { asset = "film/one.mp4", every_seconds = 0.001 }, "invalid_argument");
        Assert.Equal("every_seconds", every.GetProperty("facts").GetProperty("argument").GetString());
        await client.CallAsync("transform_media", new { recipe = "speech", options = new { text = "The sea." }, output = "film/say.wav" });
        var mute = await client.RefusedAsync("contact_sheet", new { assets = new[] { "film/one.mp4", "film/say.wav" } }, "not_supported");
        Assert.Contains("assets[1]", mute.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sheet_shows_and_can_be_kept()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Mp4);

        var result = await client.RawAsync("contact_sheet", new { asset = "film/one.mp4", output = "film/sheet.jpg" });

        Assert.Single(result.Content.OfType<ImageContentBlock>());
        Assert.Single(result.Content.OfType<ResourceLinkBlock>());
        Assert.Equal("film/sheet.jpg", result.StructuredContent!.Value.GetProperty("asset").GetString());
    }

    [Fact]
    public async Task An_analysis_is_kept_with_the_asset_and_found_in_the_index()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Make("silent.mp4", "-f lavfi -i testsrc2=s=160x90:r=15:d=2 -f lavfi -i anullsrc=r=44100:cl=mono -t 2 -c:v libx264 -pix_fmt yuv420p -c:a aac"));

        var analysis = await client.CallAsync("analyze_media", new { asset = "film/one.mp4" });

        Assert.InRange(analysis.GetProperty("metrics").GetProperty("silence_share").GetDouble(), 0.9, 1);
        Assert.True(analysis.GetProperty("metrics").TryGetProperty("sharpness", out _));
        var hits = await client.CallAsync("query_index", new { workspace = "film", query = "silence", filter = new { label = "silence" } });
        Assert.NotEmpty(hits.GetProperty("hits").EnumerateArray());
    }

    [Fact]
    public async Task A_recipe_measures_what_it_changed()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Make("soft.mp4", "-f lavfi -i testsrc2=s=320x180:r=15:d=2 -vf gblur=sigma=2 -c:v libx264 -pix_fmt yuv420p"));

        var made = await client.CallAsync("transform_media", new { asset = "film/one.mp4", recipe = "sharpen", output = "film/sharp.mp4" });

        var before = made.GetProperty("metrics_before").GetProperty("sharpness").GetDouble();
        Assert.True(made.GetProperty("metrics_after").GetProperty("sharpness").GetDouble() > before);
        await client.RefusedAsync("transform_media", new { asset = "film/one.mp4", recipe = "sharpen", options = new { strength = "crop=1:1" }, output = "film/x.mp4" }, "invalid_argument");
        await client.RefusedAsync("transform_media", new { asset = "film/one.mp4", recipe = "explode", output = "film/x.mp4" }, "invalid_argument");
        await client.RefusedAsync("transform_media", new { recipe = "sharpen", output = "film/x.mp4" }, "invalid_argument");
    }

    [Fact]
    public async Task Clips_and_captions_become_one_film()
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Mp4);
        var tracks = new
        {
            video = new object[] { new { asset = "film/one.mp4", start_seconds = 1, end_seconds = 2 }, new { asset = "film/one.mp4", start_seconds = 5, end_seconds = 6.5 } },
            captions = new[] { new { start_seconds = 0, end_seconds = 1, text = "Hello <b>there</b>" } },
        };

        var film = await client.CallAsync("compose_media", new { tracks, output = "film/final.mp4", loudness_lufs = -16 });

        Assert.Equal(2.5, film.GetProperty("duration_seconds").GetDouble(), 1);
        Assert.InRange(film.GetProperty("drift_seconds").GetDouble(), 0, 0.05);
        await client.RefusedAsync("compose_media", new { tracks = new { video = Array.Empty<object>() }, output = "film/none.mp4" }, "invalid_argument");
        await client.RefusedAsync("compose_media", new { tracks = new { video = new[] { new { asset = "film/none.mp4" } } }, output = "film/none.mp4" }, "not_found");
    }

    [Theory]
    [InlineData("""{"asset":"film/one.mp4","start_seconds":5,"end_seconds":99}""", "invalid_range")]
    [InlineData("""{"asset":"film/one.mp4","start_seconds":5,"end_seconds":2}""", "invalid_range")]
    [InlineData("""{"asset":"film/one.mp4","start_seconds":2,"end_seconds":2}""", "invalid_range")]
    [InlineData("""{"asset":"film/one.mp4","start_seconds":0,"end_seconds":0.000000001}""", "invalid_range")]
    [InlineData("""{"asset":"film/one.mp4","start_seconds":-1,"end_seconds":2}""", "invalid_range")]
    [InlineData("""{"asset":"film/one.mp4","start_seconds":"NaN","end_seconds":2}""", "invalid_argument")]
    [InlineData("""{"asset":"film/one.mp4"}""", "invalid_argument")]
    [InlineData("""{"hit_id":"hit_99"}""", "not_found")]
    [InlineData("""{"asset":"film/one.mp4","start_seconds":1,"end_seconds":2,"region":{"x":0,"y":0,"width":9999,"height":2}}""", "invalid_argument")]
    [InlineData("""{"asset":"film/none.mp4","start_seconds":1,"end_seconds":2}""", "not_found")]
    public async Task Bad_cuts_are_refused_and_leave_nothing(string arguments, string code)
    {
        await using var house = await House.OpenAsync();
        var client = await PreparedAsync(house, samples.Mp4);

        await client.RefusedAsync("extract_segment", JsonSerializer.Deserialize<JsonElement>(arguments), code);

        Assert.Empty(Directory.GetFileSystemEntries(house.Get<Pipeline.Storage.DataFolder>().Work));
    }

    [Theory]
    [InlineData("", "not_media")]
    [InlineData("only words", "not_media")]
    [InlineData("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "not_media")]
    public async Task What_is_no_media_is_named_as_what_it_is(string content, string code)
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/bad.mp4", text = content });

        foreach (var tool in new[] { "probe_media", "analyze_media", "contact_sheet" })
        {
            await client.RefusedAsync(tool, new { asset = "film/bad.mp4" }, code);
        }
    }

    [Fact]
    public async Task A_truncated_file_is_damaged_not_a_crash()
    {
        await using var house = await House.OpenAsync();
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        var whole = await File.ReadAllBytesAsync(samples.MoovAtEnd);
        await client.CallAsync("put_asset", new { asset = "film/bad.mp4", base64 = Convert.ToBase64String(whole.AsSpan(0, whole.Length / 2)) });

        await client.RefusedAsync("probe_media", new { asset = "film/bad.mp4" }, "media_damaged");
    }

    private static async Task<McpClient> PreparedAsync(House house, string file)
    {
        var client = await house.ConnectAsync();
        await client.CallAsync("create_workspace", new { workspace = "film" });
        await client.CallAsync("put_asset", new { asset = "film/one.mp4", base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(file)) });
        return client;
    }
}

using System.Text.Json.Nodes;
using Pipeline.Tools.Tests.Media;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation;

/// <summary>What a price hangs on is read as it is sent: nothing is bought that another price was reserved for.</summary>
public sealed class PricedParametersTests
{
    [Theory]
    [InlineData("""{"duration_seconds": "60"}""")]
    [InlineData("""{"duration_seconds": 0}""")]
    [InlineData("""{"duration_seconds": -1}""")]
    [InlineData("""{"duration_seconds": 1e308}""")]
    [InlineData("""{"duration_seconds": 1e999}""")]
    [InlineData("""{"duration_seconds": {"a": 1}}""")]
    [InlineData("""{"height": "2160"}""")]
    [InlineData("""{"height": 200000}""")]
    [InlineData("""{"width": 0.5}""")]
    [InlineData("""{"resolution": "4K"}""")]
    [InlineData("""{"resolution": "1080P"}""")]
    [InlineData("""{"resolution": 1080}""")]
    [InlineData("""{"max_output_tokens": 1e12}""")]
    [InlineData("""{"max_output_tokens": "5000000"}""")]
    public async Task What_the_price_cannot_be_read_from_is_refused_and_not_priced_as_something_else(string parameters)
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        await house.Client.RefusedAsync("generate_media", new { model = "timed-words", prompt = "x", output = "film/a.txt", parameters = JsonNode.Parse(parameters) }, "invalid_argument");

        Assert.Empty(await house.JobsAsync());
        Assert.Equal(0, vendor.Submits);
    }

    [Theory]
    [InlineData("{}", 5, "720p", 5 * 100)]
    [InlineData("""{"duration_seconds": 2.5}""", 2.5, "720p", 250)]
    [InlineData("""{"start_seconds": 0, "end_seconds": 0.001}""", 5, "720p", 500)]
    [InlineData("""{"duration_seconds": 2, "resolution": "1080p"}""", 2, "1080p", 600)]
    [InlineData("""{"duration_seconds": 2, "resolution": "720p", "width": 1920, "height": 1080}""", 2, "720p", 600)]
    public async Task What_was_priced_is_what_the_vendor_is_asked_for(string parameters, double seconds, string resolution, long bound)
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var bought = await house.Client.CallAsync("generate_media", new { model = "timed-words", prompt = "x", output = "film/a.txt", parameters = JsonNode.Parse(parameters) });

        var asked = Assert.Single(vendor.Calls).Parameters;
        Assert.Equal((seconds, resolution, bound), (asked["duration_seconds"]!.GetValue<double>(), asked["resolution"]!.GetValue<string>(), bought.GetProperty("bound_micros").GetInt64()));
    }

    [Theory]
    [InlineData("""{"num_images": 4}""")]
    [InlineData("""{"numImages": 4}""")]
    [InlineData("""{"n": 2}""")]
    [InlineData("""{"num_outputs": "4"}""")]
    [InlineData("""{"duration": "10"}""")]
    [InlineData("""{"video_length": "long"}""")]
    [InlineData("""{"quality": "high"}""")]
    [InlineData("""{"generate_audio": true}""")]
    [InlineData("""{"output": {"count": 3}}""")]
    [InlineData("""{"subjects": ["a", "b"]}""")]
    [InlineData("""{"target": "4k"}""")]
    [InlineData("""{"whatever": 7}""")]
    public async Task What_may_multiply_the_price_and_stands_in_no_price_list_is_not_bought(string parameters)
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var refused = await house.Client.RefusedAsync("generate_media", new { model = "words", prompt = "x", output = "film/a.txt", parameters = JsonNode.Parse(parameters) }, "invalid_argument");

        Assert.Contains("by_parameter", refused.Text("message"), StringComparison.Ordinal);
        Assert.Equal(0, vendor.Submits);
    }

    [Theory]
    [InlineData("""{"seed": 7, "guidance_scale": 3.5, "negative_prompt": "no rain", "aspect_ratio": "16:9", "shot": 3, "loop": true, "camera": {"move": "left"}, "tags": ["calm"]}""", 1)]
    [InlineData("""{"style": "1950s film", "lora": "https://weights.example/a.bin"}""", 1)]
    public async Task What_leaves_the_price_alone_goes_through(string parameters, long times)
    {
        await using var house = (await JobHouse.OpenAsync(new ScriptedVendor())).Start();

        var bought = await house.Client.CallAsync("generate_media", new { model = "words", prompt = "x", output = "film/a.txt", parameters = JsonNode.Parse(parameters) });

        Assert.Equal(times * JobHouse.Price, bought.GetProperty("bound_micros").GetInt64());
    }

    [Theory]
    [InlineData("""{"quality": "low"}""", 500)]
    [InlineData("""{"quality": "high", "num_images": 3}""", 12_000)]
    [InlineData("""{"steps": 50}""", 4_000)] // at the dearest of what was not said
    public async Task What_the_card_says_of_a_parameter_is_reserved(string parameters, long bound)
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        var bought = await house.Client.CallAsync("generate_media", new { model = "many-words", prompt = "x", output = "film/a.txt", parameters = JsonNode.Parse(parameters) });

        Assert.Equal(bound, bought.GetProperty("bound_micros").GetInt64());
        Assert.NotNull(Assert.Single(vendor.Calls).Parameters["num_images"]); // the vendor's own default may be another
    }

    [Theory]
    [InlineData("""{"num_images": 0}""")]
    [InlineData("""{"num_images": 1.5}""")]
    [InlineData("""{"num_images": "3"}""")]
    [InlineData("""{"num_images": 101}""")]
    [InlineData("""{"quality": "ultra"}""")]
    public async Task What_a_price_goes_by_must_be_what_the_card_says(string parameters)
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();

        await house.Client.RefusedAsync("generate_media", new { model = "many-words", prompt = "x", output = "film/a.txt", parameters = JsonNode.Parse(parameters) }, "invalid_argument");

        Assert.Equal(0, vendor.Submits);
    }

    [Fact]
    public async Task What_is_made_of_a_recording_is_priced_by_the_length_that_was_measured()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        using var samples = new Samples();
        File.Copy(samples.Mp4, Path.Combine(house.House.Folder, "take.mp4"));
        await house.Client.CallAsync("import_asset", new { asset = "film/take.mp4", path = Path.Combine(house.House.Folder, "take.mp4") });

        var whole = await house.Client.CallAsync("generate_media", new { model = "timed-words", prompt = "x", output = "film/a.txt", references = new[] { "film/take.mp4" } });
        var part = await house.Client.CallAsync("generate_media", new { model = "timed-words", prompt = "x", output = "film/b.txt", references = new[] { "film/take.mp4" }, parameters = new { start_seconds = 1, end_seconds = 3 } });

        Assert.InRange(whole.GetProperty("bound_micros").GetInt64(), 800, 810); // eight seconds, and not the five of nobody's wish
        Assert.InRange(vendor.Calls.First().Parameters["duration_seconds"]!.GetValue<double>(), 8, 8.1);
        Assert.Equal(200, part.GetProperty("bound_micros").GetInt64());
    }

    [Fact]
    public async Task A_recording_without_a_length_is_not_priced_by_guess()
    {
        var vendor = new ScriptedVendor();
        await using var house = (await JobHouse.OpenAsync(vendor)).Start();
        await house.Client.CallAsync("put_asset", new { asset = "film/broken.mp4", text = "no film at all" });

        await house.Client.CallAsync("generate_media", new { model = "timed-words", prompt = "x", output = "film/b.txt", references = new[] { "film/broken.mp4" }, parameters = new { duration_seconds = 2 } });
        var refused = await house.Client.RawAsync("generate_media", new { model = "timed-words", prompt = "x", output = "film/a.txt", references = new[] { "film/broken.mp4" } });

        Assert.True(refused.IsError);
        Assert.Equal(1, vendor.Submits);
    }
}

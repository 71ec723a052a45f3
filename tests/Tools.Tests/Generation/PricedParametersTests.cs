using System.Text.Json.Nodes;
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
}

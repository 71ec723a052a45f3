using System.Text.Json;
using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Recipes;

namespace Pipeline.Tools.Tests.Media;

[Collection("media")]
public sealed class TransformerTests(Samples samples) : IDisposable
{
    private static readonly CancellationToken Now = TestContext.Current.CancellationToken;

    private readonly Bench _bench = new(samples);

    private string Short => samples.Make("short.mp4", $"-i {samples.Mp4} -t 2 -c:v libx264 -preset veryfast -c:a aac -movflags +faststart");

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("proxy", """{"max_edge_pixels":160}""", "width", 160)]
    [InlineData("upscale", """{"factor":1.5}""", "width", 480)]
    [InlineData("smooth", """{"fps":60}""", "fps", 60)]
    [InlineData("grade", """{"gamma":1.2,"saturation":0.5}""", "width", 320)]
    [InlineData("stabilise", "{}", "width", 320)]
    [InlineData("denoise", "{}", "width", 320)]
    [InlineData("title", """{"text":"Don't: [panic], 100% \\ 'quoted'; drawtext=text=x"}""", "width", 320)]
    public async Task Each_picture_recipe_makes_a_whole_film(string recipe, string options, string metric, double value)
    {
        var result = await RunAsync(Short, recipe, options);
        Assert.Equal(value, result.After[metric], 0.5);
        Assert.Equal(2, result.After["duration_seconds"], 0.06);
        Assert.InRange(Samples.Frames(_bench.Job.File("out.mp4")).Count, recipe == "smooth" ? 115 : 60, recipe == "smooth" ? 121 : 60);
        Assert.NotEmpty(Samples.Frames(_bench.Job.File("out.mp4"), "a:0"));
        Assert.True(result.BytesRead > 0);
    }

    [Fact]
    public async Task Sharpening_a_blurred_picture_is_measured_to_help()
    {
        var blurred = samples.Make("short-blurred.mp4", $"-i {Short} -vf gblur=sigma=2 -c:v libx264 -preset veryfast");
        var result = await RunAsync(blurred, "sharpen", """{"amount":3,"size":7}""");
        Assert.True(result.After["sharpness"] > result.Before["sharpness"] * 1.1, $"{result.Before["sharpness"]} {result.After["sharpness"]}");
    }

    [Fact]
    public async Task Loudness_lands_on_its_target()
    {
        var quiet = samples.Make("quiet.mp4", $"-i {samples.Mp4} -c:v copy -af volume=-20dB -c:a aac");
        var result = await RunAsync(quiet, "loudness", """{"target_lufs":-18}""");
        Assert.True(result.Before["loudness_lufs"] < -25);
        Assert.Equal(-18, result.After["loudness_lufs"], 1.0);
        Assert.Equal(240, Samples.Frames(_bench.Job.File("out.mp4")).Count);
    }

    [Fact]
    public async Task A_title_changes_the_picture_only_while_it_is_shown()
    {
        await RunAsync(samples.Mp4, "title", """{"text":"Hello","start_seconds":2,"end_seconds":4,"position":"centre","size_percent":20}""");
        Assert.True(Psnr(_bench.Job.File("out.mp4"), 30) > Psnr(_bench.Job.File("out.mp4"), 90) + 8);

        double Psnr(string made, int frame)
        {
            var printed = Samples.Run("ffmpeg", $"-v error -nostdin -i {samples.Mp4} -i {made} -filter_complex [0:v]trim=start_frame={frame}:end_frame={frame + 1},setpts=0[a];[1:v]trim=start_frame={frame}:end_frame={frame + 1},setpts=0[b];[a][b]psnr=stats_file=- -f null -");
            return double.Parse(printed.Split(' ').First(word => word.StartsWith("psnr_avg:", StringComparison.Ordinal))[9..], System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Speech_is_heard()
    {
        Assert.SkipUnless(await _bench.Ffmpeg.HasFilterAsync(_bench.Job, "flite", Now), "This ffmpeg has no flite.");
        var result = await RunAsync(samples.VideoOnly, "speech", """{"text":"Good morning; file=/etc/passwd, everyone.","start_seconds":1}""");
        Assert.InRange(result.After["loudness_lufs"], -45, -5);
        Assert.Equal(8, result.After["duration_seconds"], 0.06);
    }

    [Theory]
    [InlineData("sharpen", """{"amount":99}""")]
    [InlineData("sharpen", """{"size":4}""")]
    [InlineData("sharpen", """{"amount":"1,drawtext=x"}""")]
    [InlineData("sharpen", """{"unknown":1}""")]
    [InlineData("title", """{"text":""}""")]
    [InlineData("title", """{"text":"x","position":"left'"}""")]
    [InlineData("no_such_recipe", "{}")]
    public void Options_out_of_range_are_refused(string recipe, string options) =>
        Assert.Equal("invalid_argument", Assert.Throws<InvalidMediaOptionError>(() => Read(recipe, options)).Code);

    [Fact]
    public async Task A_recipe_says_what_it_misses() =>
        Assert.Equal("not_supported", (await Assert.ThrowsAsync<NotSupportedByMediaError>(() => RunAsync(samples.VideoOnly, "loudness", "{}"))).Code);

    private static Recipe Read(string recipe, string options) => RecipeBook.Read(recipe, JsonDocument.Parse(options).RootElement);

    private async Task<TransformResult> RunAsync(string file, string recipe, string options)
    {
        var transformer = new Transformer(_bench.Ffmpeg, _bench.Prober, new Analyzer(_bench.Ffmpeg, _bench.Prober));
        return await transformer.TransformAsync(await Bench.OpenAsync(file), Read(recipe, options), _bench.Job, "out.mp4", null, Now);
    }
}

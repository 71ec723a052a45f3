using System.Globalization;
using System.Text.Json;
using Pipeline.Tools.Tests.Media;
using Pipeline.Tools.Tests.Runs;
using Pipeline.Tools.Tests.Serving;

namespace Pipeline.Tools.Tests.Generation.Local;

/// <summary>What this machine makes by itself, decoded.</summary>
[Collection("media")]
public sealed class LocalProviderTests(Samples samples)
{
    [Theory]
    [InlineData("synthetic-gradient")]
    [InlineData("synthetic-mandelbrot")]
    public async Task A_picture_has_its_size_and_follows_prompt_and_seed(string model)
    {
        await using var house = (await JobHouse.OpenAsync(new())).Start();

        var one = await MakeAsync(house, model, "a red fox", "one.png", new { width = 320, height = 180 });
        var same = await MakeAsync(house, model, "a red fox", "same.png", new { width = 320, height = 180 });
        var other = await MakeAsync(house, model, "a blue whale", "other.png", new { width = 320, height = 180 });
        var seeded = await MakeAsync(house, model, "a red fox", "seeded.png", new { width = 320, height = 180, seed = 7 });

        Assert.Equal("320,180", Samples.Probe(one, "-select_streams v:0 -show_entries stream=width,height -of csv=p=0").Trim());
        Assert.Equal(Samples.Frames(one), Samples.Frames(same));
        Assert.NotEqual(Samples.Frames(one), Samples.Frames(other));
        Assert.NotEqual(Samples.Frames(one), Samples.Frames(seeded));
        Assert.True(Spread(one) > 20, "It shows something.");
    }

    [Fact]
    public async Task A_fractal_has_finer_detail_than_a_gradient()
    {
        await using var house = (await JobHouse.OpenAsync(new())).Start();

        var gradient = await MakeAsync(house, "synthetic-gradient", "x", "gradient.png", new { width = 320, height = 180 });
        var fractal = await MakeAsync(house, "synthetic-mandelbrot", "x", "fractal.png", new { width = 320, height = 180 });

        Assert.True(new FileInfo(fractal).Length > new FileInfo(gradient).Length, "Fine detail packs worse.");
    }

    [Fact]
    public async Task A_pan_moves_over_its_reference_for_exactly_its_length()
    {
        await using var house = (await JobHouse.OpenAsync(new())).Start();
        await house.Client.CallAsync("put_asset", new { asset = "film/key.png", base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(samples.Make("key.png", "-f lavfi -i testsrc2=s=640x360 -frames:v 1"))) });

        var shot = await MakeAsync(house, "synthetic-pan", "slowly", "pan.mp4", new { duration_seconds = 2.5, width = 320, height = 180 }, "film/key.png");
        var other = await MakeAsync(house, "synthetic-pan", "to the other side now", "pan2.mp4", new { duration_seconds = 2.5, width = 320, height = 180 }, "film/key.png");

        Assert.Equal(75, Samples.Frames(shot).Count);
        Assert.Equal("320,180,30/1,2.500000", Samples.Probe(shot, "-select_streams v:0 -show_entries stream=width,height,r_frame_rate,duration -of csv=p=0").Trim());
        Assert.True(Samples.Frames(shot).Select(frame => frame.Hash).Distinct().Count() > 60, "It moves.");
        Assert.NotEqual(Samples.Frames(shot), Samples.Frames(other));
        Assert.True(Likeness(shot, samples.Make("key.png", "")) > 0.3, "It is a view of the reference.");
        await house.Client.RefusedAsync("generate_media", new { model = "synthetic-pan", prompt = "x", output = "film/none.mp4" }, "unfit_model");
    }

    [Fact]
    public async Task Waves_move_without_a_reference_and_over_one_and_are_no_pan()
    {
        await using var house = (await JobHouse.OpenAsync(new())).Start();
        await house.Client.CallAsync("put_asset", new { asset = "film/key.png", base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(samples.Make("key.png", "-f lavfi -i testsrc2=s=640x360 -frames:v 1"))) });

        var alone = await MakeAsync(house, "synthetic-waves", "the sea", "alone.mp4", new { duration_seconds = 2, width = 320, height = 180 });
        var over = await MakeAsync(house, "synthetic-waves", "the sea", "over.mp4", new { duration_seconds = 2, width = 320, height = 180 }, "film/key.png");
        var again = await MakeAsync(house, "synthetic-waves", "the sea", "again.mp4", new { duration_seconds = 2, width = 320, height = 180 });

        Assert.All([alone, over], file => Assert.Equal(60, Samples.Frames(file).Count));
        Assert.True(Samples.Frames(alone).Select(frame => frame.Hash).Distinct().Count() > 30, "It moves.");
        Assert.Equal(Samples.Frames(alone), Samples.Frames(again));
        Assert.True(Likeness(over, samples.Make("key.png", "")) > Likeness(alone, samples.Make("key.png", "")), "The reference shows through.");
    }

    [Fact]
    public async Task Tones_last_exactly_as_long_and_sound()
    {
        await using var house = (await JobHouse.OpenAsync(new())).Start();

        var one = await MakeAsync(house, "synthetic-tones", "hope", "hope.flac", new { duration_seconds = 3.25 });
        var other = await MakeAsync(house, "synthetic-tones", "dread", "dread.flac", new { duration_seconds = 3.25 });

        Assert.Equal(3.25, Duration(one), 6);
        Assert.InRange(Level(one), -40, -3);
        Assert.NotEqual(Samples.Frames(one, "a:0"), Samples.Frames(other, "a:0"));
    }

    [Fact]
    public async Task Speech_says_the_prompt_whatever_stands_in_it()
    {
        await using var house = (await JobHouse.OpenAsync(new())).Start();

        var brief = await MakeAsync(house, "flite-speech", "Yes.", "brief.m4a", new { });
        var lengthy = await MakeAsync(house, "flite-speech", "He said: 'open [the] door', then = 100% ; voice=kal\n textfile=/etc/passwd and went away for a long time.", "long.m4a", new { voice = "kal" });
        var refused = await house.BuyAsync("bad", "film/bad.m4a", model: "flite-speech", parameters: new { voice = "nobody" });

        Assert.True(Duration(lengthy) > 2 * Duration(brief), "More words take longer.");
        Assert.InRange(Level(brief), -45, 0);
        Assert.Equal("failed", refused.Text("state"));
    }

    [Fact]
    public async Task A_recipe_works_on_its_reference()
    {
        await using var house = (await JobHouse.OpenAsync(new())).Start();
        await house.Client.CallAsync("put_asset", new { asset = "film/in.mp4", base64 = Convert.ToBase64String(await File.ReadAllBytesAsync(samples.Make("short.mp4", $"-i {samples.Mp4} -t 2 -c:v libx264 -preset veryfast -c:a aac -movflags +faststart"))) });

        var small = await MakeAsync(house, "ffmpeg-proxy", "", "small.mp4", new { max_edge_pixels = 160 }, "film/in.mp4");

        Assert.Equal("160,90", Samples.Probe(small, "-select_streams v:0 -show_entries stream=width,height -of csv=p=0").Trim());
    }

    private static async Task<string> MakeAsync(JobHouse house, string model, string prompt, string output, object parameters, params string[] references)
    {
        var made = await house.Client.CallAsync("generate_media", new { model, prompt, output = "film/" + output, parameters, references });
        Assert.True(made.Text("state") == "done", made.GetRawText());
        Assert.Equal(0, made.GetProperty("cost_micros").GetInt64());
        var file = Path.Combine(house.House.Folder, output);
        await house.Client.CallAsync("export_asset", new { asset = made.Text("asset"), path = file });
        return file;
    }

    private static double Duration(string file) => double.Parse(Samples.Probe(file, "-show_entries format=duration -of csv=p=0").Trim(), CultureInfo.InvariantCulture);

    // The difference between the brightest and the darkest of a picture.
    private static double Spread(string file)
    {
        var said = Samples.Run("ffprobe", $"-v error -f lavfi movie={file},signalstats -show_entries frame_tags=lavfi.signalstats.YMIN,lavfi.signalstats.YMAX -of json");
        var tags = JsonDocument.Parse(said).RootElement.GetProperty("frames")[0].GetProperty("tags");
        return double.Parse(tags.Text("lavfi.signalstats.YMAX"), CultureInfo.InvariantCulture) - double.Parse(tags.Text("lavfi.signalstats.YMIN"), CultureInfo.InvariantCulture);
    }

    private static double Level(string file)
    {
        var said = Samples.Run("ffprobe", $"-v error -f lavfi amovie={file},astats=metadata=1:reset=0 -show_entries frame_tags=lavfi.astats.Overall.RMS_level -of csv=p=0");
        return double.Parse(said.Trim().Split('\n')[^1].Trim(','), CultureInfo.InvariantCulture);
    }

    // Structural likeness of the first frame and a still.
    private static double Likeness(string film, string still)
    {
        var said = Samples.Run("ffprobe", $"-v error -f lavfi movie={film},scale=160:90[a];movie={still},scale=160:90[b];[a][b]ssim -show_entries frame_tags=lavfi.ssim.All -read_intervals %+#1 -of csv=p=0");
        return double.Parse(said.Trim().Split('\n')[0].Trim(','), CultureInfo.InvariantCulture);
    }
}

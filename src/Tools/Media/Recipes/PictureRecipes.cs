namespace Pipeline.Tools.Media;

/// <summary>A small copy to look at and search in.</summary>
public sealed record ProxyRecipe(int MaxEdgePixels = 640, int Quality = 28) : Recipe
{
    internal override void Check()
    {
        Range("max_edge_pixels", MaxEdgePixels, 64, 1920);
        Range("quality", Quality, 18, 40);
    }

    internal override Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation)
    {
        var picture = work.Facts.Video()!;
        var share = Math.Min(1, (double)MaxEdgePixels / Math.Max(picture.Width ?? 1, picture.Height ?? 1));
        var (width, height) = (Scale.Even((picture.Width ?? 2) * share), Scale.Even((picture.Height ?? 2) * share));
        return Task.FromResult(new RecipeFilters(Filter($"scale={width}:{height}:flags=area"), Crf: Quality));
    }
}

/// <summary>More pixels, by Lanczos resampling and a light sharpening; no detail is invented.</summary>
public sealed record UpscaleRecipe(double Factor = 2) : Recipe
{
    internal override IReadOnlyCollection<MediaCheck> Measures => [MediaCheck.Sharpness];

    internal override IReadOnlyList<string> Needs => ["unsharp"];

    internal override void Check() => Range("factor", Factor, 1.1, 4);

    internal override Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation)
    {
        var picture = work.Facts.Video()!;
        var (width, height) = (Scale.Even((picture.Width ?? 2) * Factor), Scale.Even((picture.Height ?? 2) * Factor));
        return (long)width * height > work.Ffmpeg.Options.MaxPixels
            ? throw new LimitExceededError("pixels", work.Ffmpeg.Options.MaxPixels, (double)width * height)
            : Task.FromResult(new RecipeFilters(Filter($"scale={width}:{height}:flags=lanczos,unsharp=3:3:0.4:3:3:0")));
    }
}

/// <summary>Takes hand shake out of a recording: in two passes with vid.stab where it is built in, otherwise in one with deshake.</summary>
public sealed record StabiliseRecipe(int Shakiness = 5, int Smoothing = 15) : Recipe
{
    private const string Motion = "motion.trf";

    internal override void Check()
    {
        Range("shakiness", Shakiness, 1, 10);
        Range("smoothing", Smoothing, 1, 100);
    }

    internal override async Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation)
    {
        if (!await work.Ffmpeg.HasFilterAsync(work.Job, "vidstabtransform", cancellation).ConfigureAwait(false))
        {
            await work.Ffmpeg.NeedFiltersAsync(work.Job, cancellation, "deshake").ConfigureAwait(false);
            return new RecipeFilters("deshake");
        }

        string[] arguments = ["-map", "0:v:0", "-vf", Filter($"vidstabdetect=shakiness={Shakiness}:result={Motion}"), "-f", "null", "-"];
        await work.Ffmpeg.RunAsync(work.Job, new FfmpegCall([work.Input], arguments), cancellation).ConfigureAwait(false);
        return new RecipeFilters(Filter($"vidstabtransform=input={Motion}:smoothing={Smoothing}"));
    }
}

/// <summary>A higher frame rate, with frames between computed from motion. Slow, so bounded in length.</summary>
public sealed record SmoothRecipe(int Fps = 60) : Recipe
{
    /// <summary>The longest media taken.</summary>
    public const double MaxSeconds = 120;

    internal override IReadOnlyList<string> Needs => ["minterpolate"];

    internal override void Check() => Range("fps", Fps, 24, 120);

    internal override Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation) => work.Facts.DurationSeconds > MaxSeconds
        ? throw new LimitExceededError("duration_seconds", MaxSeconds, work.Facts.DurationSeconds)
        : Task.FromResult(new RecipeFilters(Filter($"minterpolate=fps={Fps}:mi_mode=mci:mc_mode=obmc:me_mode=bidir")));
}

/// <summary>Less noise, from neighbours in space and time.</summary>
public sealed record DenoiseRecipe(double Strength = 4) : Recipe
{
    internal override IReadOnlyCollection<MediaCheck> Measures => [MediaCheck.Noise, MediaCheck.Sharpness];

    internal override IReadOnlyList<string> Needs => ["hqdn3d"];

    internal override void Check() => Range("strength", Strength, 0.5, 20);

    internal override Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation) =>
        Task.FromResult(new RecipeFilters(Filter($"hqdn3d={Strength}:{Strength * 0.75}:{Strength * 1.5}:{Strength * 1.125}")));
}

/// <summary>More contrast at edges.</summary>
public sealed record SharpenRecipe(double Amount = 1.5, int Size = 5) : Recipe
{
    internal override IReadOnlyCollection<MediaCheck> Measures => [MediaCheck.Sharpness, MediaCheck.Blur];

    internal override IReadOnlyList<string> Needs => ["unsharp"];

    internal override void Check()
    {
        Range("amount", Amount, 0.1, 5);
        Range("size", Size, 3, 13);
        if (Size % 2 == 0)
        {
            throw new InvalidMediaOptionError("size", "it must be odd.");
        }
    }

    internal override Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation) =>
        Task.FromResult(new RecipeFilters(Filter($"unsharp={Size}:{Size}:{Amount}:{Size}:{Size}:0")));
}

/// <summary>Brightness, contrast, colour and gamma; 0, 1, 1 and 1 change nothing.</summary>
public sealed record GradeRecipe(double Brightness = 0, double Contrast = 1, double Saturation = 1, double Gamma = 1) : Recipe
{
    internal override IReadOnlyCollection<MediaCheck> Measures => [MediaCheck.Black, MediaCheck.Sharpness];

    internal override IReadOnlyList<string> Needs => ["eq"];

    internal override void Check()
    {
        Range("brightness", Brightness, -0.5, 0.5);
        Range("contrast", Contrast, 0.5, 2);
        Range("saturation", Saturation, 0, 3);
        Range("gamma", Gamma, 0.2, 5);
    }

    internal override Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation) =>
        Task.FromResult(new RecipeFilters(Filter($"eq=brightness={Brightness}:contrast={Contrast}:saturation={Saturation}:gamma={Gamma}")));
}

/// <summary>Sizes that encoders take.</summary>
internal static class Scale
{
    public static int Even(double size) => Math.Max(2, (int)Math.Round(size / 2) * 2);
}

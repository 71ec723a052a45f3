using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Recipes;

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

using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Recipes;

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

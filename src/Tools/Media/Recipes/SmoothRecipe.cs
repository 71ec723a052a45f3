using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Recipes;

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

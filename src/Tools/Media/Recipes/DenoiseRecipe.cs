using Pipeline.Tools.Media.Analyze;

namespace Pipeline.Tools.Media.Recipes;

/// <summary>Less noise, from neighbours in space and time.</summary>
public sealed record DenoiseRecipe(double Strength = 4) : Recipe
{
    internal override IReadOnlyCollection<MediaCheck> Measures => [MediaCheck.Noise, MediaCheck.Sharpness];

    internal override IReadOnlyList<string> Needs => ["hqdn3d"];

    internal override void Check() => Range("strength", Strength, 0.5, 20);

    internal override Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation) =>
        Task.FromResult(new RecipeFilters(Filter($"hqdn3d={Strength}:{Strength * 0.75}:{Strength * 1.5}:{Strength * 1.125}")));
}

using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Recipes;

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

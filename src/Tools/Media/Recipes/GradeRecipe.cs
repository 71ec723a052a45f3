using Pipeline.Tools.Media.Analyze;

namespace Pipeline.Tools.Media.Recipes;

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

namespace Pipeline.Tools.Media.Recipes;

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

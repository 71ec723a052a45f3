using System.Text.Json;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Recipes;

/// <summary>The recipes by name, and how their options are read.</summary>
public static class RecipeBook
{
    private static readonly Dictionary<string, Type> Recipes = new(StringComparer.Ordinal)
    {
        ["proxy"] = typeof(ProxyRecipe),
        ["upscale"] = typeof(UpscaleRecipe),
        ["stabilise"] = typeof(StabiliseRecipe),
        ["smooth"] = typeof(SmoothRecipe),
        ["denoise"] = typeof(DenoiseRecipe),
        ["sharpen"] = typeof(SharpenRecipe),
        ["grade"] = typeof(GradeRecipe),
        ["loudness"] = typeof(LoudnessRecipe),
        ["title"] = typeof(TitleRecipe),
        ["speech"] = typeof(SpeechRecipe),
    };

    public static IReadOnlyCollection<string> Names => Recipes.Keys;

    /// <summary>The recipe of a name with its options; unknown, ill-typed and out-of-range options are refused.</summary>
    /// <exception cref="InvalidMediaOptionError">The name or an option is not right.</exception>
    public static Recipe Read(string name, JsonElement? options)
    {
        if (!Recipes.TryGetValue(name, out var type))
        {
            throw new InvalidMediaOptionError("recipe", $"it must be one of {string.Join(", ", Recipes.Keys)}.");
        }

        Recipe recipe;
        try
        {
            var given = options is { ValueKind: JsonValueKind.Object } set ? set.GetRawText() : "{}";
            recipe = (Recipe)JsonSerializer.Deserialize(given, type, Wire.Json)!;
        }
        catch (JsonException problem)
        {
            throw new InvalidMediaOptionError("options", $"{problem.Path ?? "$"} is not an option of {name}, or not of its type.");
        }

        recipe.Check();
        return recipe;
    }
}

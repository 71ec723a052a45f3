using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Contract;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Recipes;

namespace Pipeline.Tools.Generation.Local;

/// <summary>A recipe of transform_media, on the first reference; the parameters are its options.</summary>
internal sealed class RecipeModel(string model, Transformer transformer) : ILocalModel
{
    private const string Made = "made.mp4";

    public string Model => model;

    public async Task<string> MakeAsync(ProviderCall call, WorkFolder job, CancellationToken cancellation)
    {
        if (call.References is not [var source])
        {
            throw new InvalidArgumentError("references", $"{call.Capability} works on one reference.");
        }

        var options = (JsonObject)call.Parameters.DeepClone();
        if (call.Capability == "title" && options["text"] is null)
        {
            options["text"] = call.Prompt;
        }

        var recipe = RecipeBook.Read(call.Capability, JsonSerializer.SerializeToElement(options));
        await transformer.TransformAsync(await MediaFile.OpenAsync(source.File, cancellation).ConfigureAwait(false), recipe, job, Made, null, cancellation).ConfigureAwait(false);
        return Made;
    }
}

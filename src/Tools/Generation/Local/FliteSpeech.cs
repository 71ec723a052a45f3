using System.Text.Json;
using System.Text.Json.Nodes;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Recipes;

namespace Pipeline.Tools.Generation.Local;

/// <summary>The prompt, spoken. The text reaches the program through a file.</summary>
internal sealed class FliteSpeech(Speaker speaker) : ILocalModel
{
    private const string Made = "made.m4a";

    public string Model => "flite-speech";

    public async Task<string> MakeAsync(ProviderCall call, WorkFolder job, CancellationToken cancellation)
    {
        var text = call.Prompt.Length > 0 ? call.Prompt : Word(call, "text") ?? "";
        var options = JsonSerializer.SerializeToElement(Word(call, "voice") is { } voice ? new JsonObject { ["text"] = text, ["voice"] = voice } : new JsonObject { ["text"] = text });
        await speaker.SpeakAsync((SpeechRecipe)RecipeBook.Read("speech", options), job, Made, null, cancellation).ConfigureAwait(false);
        return Made;
    }

    private static string? Word(ProviderCall call, string name) =>
        call.Parameters[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}

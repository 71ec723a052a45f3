using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Compose;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Recipes;

/// <summary>A spoken text (English, by flite) over the media's sound, or as its only sound.</summary>
/// <param name="Text">What is said.</param>
/// <param name="StartSeconds">When it begins.</param>
/// <param name="Voice"><c>slt</c>, <c>kal</c>, <c>awb</c> or <c>rms</c>.</param>
/// <param name="Mix">Keep the media's own sound under it.</param>
public sealed record SpeechRecipe(string Text, double StartSeconds = 0, string Voice = "slt", bool Mix = true) : Recipe
{
    private const string Said = "speech.txt";

    internal override IReadOnlyCollection<MediaCheck> Measures => [MediaCheck.Loudness, MediaCheck.Silence];

    internal override IReadOnlyList<string> Needs => ["flite"];

    internal override void Check()
    {
        Captions.CheckText(Text);
        Range("start_seconds", StartSeconds, 0, 86400);
        if (Voice is not ("slt" or "kal" or "awb" or "rms"))
        {
            throw new InvalidMediaOptionError("voice", "it must be slt, kal, awb or rms.");
        }
    }

    internal override async Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation)
    {
        MediaRange.CheckMoment(StartSeconds, work.Facts.DurationSeconds ?? 0);
        await File.WriteAllTextAsync(work.Job.File(Said), Captions.Plain(Text), cancellation).ConfigureAwait(false);
        var milliseconds = (long)(StartSeconds * 1000);
        var length = work.Facts.DurationSeconds ?? 0;
        var speech = Filter($"[1:a]aresample=48000,adelay={milliseconds}:all=1,apad,atrim=duration={length:0.######}[speech]");
        var graph = Mix && work.Facts.Audio() is not null
            ? speech + ";[0:a:0]aresample=48000[own];[own][speech]amix=inputs=2:duration=first:normalize=0[sound]"
            : speech.Replace("[speech]", "[sound]", StringComparison.Ordinal);
        return new RecipeFilters(Graph: graph, Extra: new FfmpegInput($"flite=textfile={Said}:voice={Voice}", "lavfi"));
    }

}

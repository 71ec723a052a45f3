using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Media;

/// <summary>Sound at a common loudness (EBU R 128), measured in a first pass and set in a second.</summary>
public sealed partial record LoudnessRecipe(double TargetLufs = -16, double TruePeakDbfs = -1.5, double RangeLu = 11) : Recipe
{
    internal override IReadOnlyCollection<MediaCheck> Measures => [MediaCheck.Loudness];

    internal override IReadOnlyList<string> Needs => ["loudnorm"];

    internal override bool OnPictures => false;

    internal override void Check()
    {
        Range("target_lufs", TargetLufs, -40, -8);
        Range("true_peak_dbfs", TruePeakDbfs, -9, 0);
        Range("range_lu", RangeLu, 1, 50);
    }

    internal override async Task<RecipeFilters> PrepareAsync(RecipeWork work, CancellationToken cancellation)
    {
        var target = Filter($"loudnorm=I={TargetLufs}:TP={TruePeakDbfs}:LRA={RangeLu}");
        var measured = new Dictionary<string, double>(StringComparer.Ordinal);
        string[] arguments = ["-map", "0:a:0", "-af", target + ":print_format=json", "-f", "null", "-"];
        await work.Ffmpeg.RunAsync(work.Job, new FfmpegCall([work.Input], arguments) { OnLine = Add }, cancellation).ConfigureAwait(false);
        var told = ((string[])["input_i", "input_tp", "input_lra", "input_thresh", "target_offset"]).All(measured.ContainsKey);
        return new RecipeFilters(Sound: told
            ? target + Filter($":measured_I={measured["input_i"]}:measured_TP={measured["input_tp"]}:measured_LRA={measured["input_lra"]}:measured_thresh={measured["input_thresh"]}:offset={measured["target_offset"]}:linear=true,aresample=48000")
            : "anull"); // Silence has no loudness to set.

        void Add(string line)
        {
            if (Entry().Match(line) is { Success: true } entry && double.TryParse(entry.Groups[2].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) && value > -99)
            {
                measured[entry.Groups[1].Value] = value;
            }
        }
    }

    [GeneratedRegex("\"(\\w+)\" : \"(-?[\\d.]+)\"")]
    private static partial Regex Entry();
}

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

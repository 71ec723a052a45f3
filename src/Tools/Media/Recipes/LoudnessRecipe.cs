using System.Globalization;
using System.Text.RegularExpressions;
using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Recipes;

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

using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Compose;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Recipes;

/// <summary>Speaks a text into a sound file of its own, with the voices that ffmpeg's flite has.</summary>
public sealed class Speaker(Ffmpeg ffmpeg, Prober prober, Analyzer analyzer)
{
    private const string Said = "said.txt";

    /// <summary>Writes the speech to the file <paramref name="output"/> in the job's folder.</summary>
    public async Task<TransformResult> SpeakAsync(SpeechRecipe recipe, WorkFolder job, string output, IProgress<double>? progress, CancellationToken cancellation)
    {
        await ffmpeg.NeedFiltersAsync(job, cancellation, recipe.Needs).ConfigureAwait(false);
        await File.WriteAllTextAsync(job.File(Said), Captions.Plain(recipe.Text), cancellation).ConfigureAwait(false);
        var voice = new FfmpegInput($"flite=textfile={Said}:voice={recipe.Voice}", "lavfi");
        string[] arguments = ["-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-movflags", "+faststart", "-f", "mp4", output];
        await ffmpeg.RunAsync(job, new FfmpegCall([voice], arguments) { Progress = progress }, cancellation).ConfigureAwait(false);
        var made = await MediaFile.OpenAsync(job.File(output), cancellation).ConfigureAwait(false);
        var facts = await prober.ProbeAsync(made, job, cancellation).ConfigureAwait(false);
        var heard = await analyzer.AnalyzeAsync(made, recipe.Measures, job, null, cancellation).ConfigureAwait(false);
        var metrics = new Dictionary<string, double>(heard.Metrics, StringComparer.Ordinal) { ["duration_seconds"] = facts.DurationSeconds ?? 0 };
        return new TransformResult(new Dictionary<string, double>(), metrics, 0, made.Source.Length);
    }
}

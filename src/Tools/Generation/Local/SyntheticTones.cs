using System.Globalization;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Generation.Local;

/// <summary>Sound: a chord of sine tones on notes of the dice, each swelling at its own pace. No audio model.</summary>
internal sealed class SyntheticTones(Ffmpeg ffmpeg) : ILocalModel
{
    private const string Made = "made.flac";
    private const int Tones = 3;

    // Steps of a scale in which any notes sound well together.
    private static readonly int[] Scale = [0, 2, 4, 7, 9, 12, 14, 16];

    public string Model => "synthetic-tones";

    public async Task<string> MakeAsync(ProviderCall call, WorkFolder job, CancellationToken cancellation)
    {
        var frame = Frame.Of(call);
        var dice = new Dice(Model, call.Prompt, frame.Seed);
        var root = dice.Next(110.0, 220.0);
        var tones = Enumerable.Range(0, Tones).Select(_ => string.Create(
            CultureInfo.InvariantCulture,
            $"0.18*sin(2*PI*{root * Math.Pow(2, Scale[dice.Next(0L, Scale.Length - 1)] / 12.0):0.###}*t)*(0.7+0.3*sin(2*PI*{dice.Next(0.1, 0.6):0.###}*t))"));
        var graph = string.Create(CultureInfo.InvariantCulture, $"aevalsrc=exprs={string.Join('+', tones)}:s=48000:d={frame.DurationSeconds:0.######}");
        string[] arguments = ["-ac", "2", "-c:a", "flac", "-sample_fmt", "s16", "-f", "flac", Made];
        await ffmpeg.RunAsync(job, new FfmpegCall([new(graph, "lavfi")], arguments) { ExpectedSeconds = frame.DurationSeconds }, cancellation).ConfigureAwait(false);
        return Made;
    }
}

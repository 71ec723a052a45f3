using System.Globalization;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Generation.Local;

/// <summary>Motion over a still: a slow pan and zoom over the reference, in a direction of the dice. No video model.</summary>
internal sealed class SyntheticPan(Ffmpeg ffmpeg) : ILocalModel
{
    private const string Made = "made.mp4";

    public string Model => "synthetic-pan";

    public async Task<string> MakeAsync(ProviderCall call, WorkFolder job, CancellationToken cancellation)
    {
        await ffmpeg.NeedFiltersAsync(job, cancellation, "zoompan", "scale", "crop").ConfigureAwait(false);
        var frame = Frame.Of(call);
        var dice = new Dice(Model, call.Prompt, frame.Seed);
        var source = await ShownReference.OfAsync(call, cancellation).ConfigureAwait(false) ?? new FfmpegInput(SyntheticGradient.Graph(frame, dice), "lavfi");
        // Drawn at twice the size, so that the steps of a slow pan are less than a pixel.
        var (wide, high, last) = (frame.Width * 2, frame.Height * 2, Math.Max(1, frame.Frames - 1));
        var (zoom, across, down) = (dice.Next(0.15, 0.3), dice.Next(0L, 1L), dice.Next(0L, 1L));
        var graph = string.Create(
            CultureInfo.InvariantCulture,
            $"select=eq(n\\,0),scale={wide}:{high}:force_original_aspect_ratio=increase,crop={wide}:{high},setsar=1,zoompan=z=1.05+{zoom:0.####}*on/{last}:x=(iw-iw/zoom)*{Way(across)}:y=(ih-ih/zoom)*{Way(down)}:d={frame.Frames}:s={frame.Size}:fps={Frame.FramesPerSecond},format={frame.Pixels}");
        string[] arguments =
        [
            "-filter_complex", graph, "-frames:v", frame.Frames.ToString(CultureInfo.InvariantCulture), "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-movflags", "+faststart", "-f", "mp4", Made,
        ];
        await ffmpeg.RunAsync(job, new FfmpegCall([source], arguments) { ExpectedSeconds = frame.DurationSeconds }, cancellation).ConfigureAwait(false);
        return Made;

        string Way(long backwards) => backwards == 1 ? string.Create(CultureInfo.InvariantCulture, $"(1-on/{last})") : string.Create(CultureInfo.InvariantCulture, $"on/{last}");
    }
}

using System.Globalization;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Generation.Local;

/// <summary>Motion without a still: cells that live and die from a seed of the dice, softened, over the reference when there is one. No video model.</summary>
internal sealed class SyntheticWaves(Ffmpeg ffmpeg) : ILocalModel
{
    private const string Made = "made.mp4";
    private const int PixelsPerCell = 8;

    public string Model => "synthetic-waves";

    public async Task<string> MakeAsync(ProviderCall call, WorkFolder job, CancellationToken cancellation)
    {
        await ffmpeg.NeedFiltersAsync(job, cancellation, "life", "scale", "gblur", "overlay").ConfigureAwait(false);
        var frame = Frame.Of(call);
        var dice = new Dice(Model, call.Prompt, frame.Seed);
        var cells = string.Create(
            CultureInfo.InvariantCulture,
            $"life=s={Cells(frame.Width)}x{Cells(frame.Height)}:r={Frame.FramesPerSecond}:seed={dice.Next(1L, 4_000_000_000L)}:ratio={dice.Next(0.25, 0.4):0.###}:mold=12:life_color={dice.Colour()}:death_color={dice.Colour()}:mold_color={dice.Colour()}");
        var drawn = string.Create(CultureInfo.InvariantCulture, $"[0:v]format=rgba,scale={frame.Width}:{frame.Height}:flags=bicubic,gblur=sigma=3,setsar=1");
        List<FfmpegInput> inputs = [new(cells, "lavfi")];
        if (await ShownReference.OfAsync(call, cancellation).ConfigureAwait(false) is { } shown)
        {
            inputs.Add(shown);
            drawn = string.Create(
                CultureInfo.InvariantCulture,
                $"{drawn},colorchannelmixer=aa=0.45[cells];[1:v]scale={frame.Width}:{frame.Height}:force_original_aspect_ratio=increase,crop={frame.Width}:{frame.Height},setsar=1,loop=loop=-1:size=1,fps={Frame.FramesPerSecond}[still];[still][cells]overlay=shortest=1");
        }

        string[] arguments =
        [
            "-filter_complex", $"{drawn},format={frame.Pixels}", "-frames:v", frame.Frames.ToString(CultureInfo.InvariantCulture), "-an", "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-movflags", "+faststart", "-f", "mp4", Made,
        ];
        await ffmpeg.RunAsync(job, new FfmpegCall(inputs, arguments) { ExpectedSeconds = frame.DurationSeconds }, cancellation).ConfigureAwait(false);
        return Made;
    }

    private static int Cells(int pixels) => Math.Max(16, pixels / PixelsPerCell);
}

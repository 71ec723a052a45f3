using System.Globalization;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Generation.Local;

/// <summary>A still picture: a gradient between colours of the dice. No image model.</summary>
internal sealed class SyntheticGradient(Ffmpeg ffmpeg) : ILocalModel
{
    private const string Made = "made.png";

    public string Model => "synthetic-gradient";

    public async Task<string> MakeAsync(ProviderCall call, WorkFolder job, CancellationToken cancellation)
    {
        await ffmpeg.NeedFiltersAsync(job, cancellation, "gradients").ConfigureAwait(false);
        var frame = Frame.Of(call);
        string[] arguments = ["-frames:v", "1", "-pix_fmt", "rgb24", "-c:v", "png", "-f", "image2", "-update", "1", Made];
        await ffmpeg.RunAsync(job, new FfmpegCall([new(Graph(frame, new(Model, call.Prompt, frame.Seed)), "lavfi")], arguments), cancellation).ConfigureAwait(false);
        return Made;
    }

    /// <summary>The picture as a source of frames that stand still.</summary>
    internal static string Graph(Frame frame, Dice dice) => string.Create(
        CultureInfo.InvariantCulture,
        $"gradients=s={frame.Size}:r={Frame.FramesPerSecond}:n=3:c0={dice.Colour()}:c1={dice.Colour()}:c2={dice.Colour()}:x0={dice.Next(0L, frame.Width - 1)}:y0={dice.Next(0L, frame.Height - 1)}:x1={dice.Next(0L, frame.Width - 1)}:y1={dice.Next(0L, frame.Height - 1)}:type={dice.Next(0L, 3L)}:speed=0.00001:seed={dice.Next(1L, 4_000_000_000L)}");
}

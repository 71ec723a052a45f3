using System.Globalization;
using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Generation.Local;

/// <summary>A still picture: a view of the Mandelbrot set chosen by the dice, and coloured by them. No image model.</summary>
internal sealed class SyntheticMandelbrot(Ffmpeg ffmpeg) : ILocalModel
{
    private const string Made = "made.png";

    // Places on the edge of the set where there is something to see.
    private static readonly (double X, double Y)[] Places =
    [
        (-0.743643887037151, 0.131825904205330), (-0.1011, 0.9563), (-1.25066, 0.02012), (-0.748, 0.1), (0.2549870375144766, -0.0005679790528465), (-1.768778833, -0.001738996), (-0.16, 1.0405), (0.28693186889504513, 0.014286693904085048),
    ];

    public string Model => "synthetic-mandelbrot";

    public async Task<string> MakeAsync(ProviderCall call, WorkFolder job, CancellationToken cancellation)
    {
        await ffmpeg.NeedFiltersAsync(job, cancellation, "mandelbrot").ConfigureAwait(false);
        var frame = Frame.Of(call);
        var dice = new Dice(Model, call.Prompt, frame.Seed);
        var (x, y) = Places[dice.Next(0L, Places.Length - 1)];
        var graph = string.Create(
            CultureInfo.InvariantCulture,
            $"mandelbrot=s={frame.Size}:maxiter=512:start_x={x + dice.Next(-0.002, 0.002):0.##########}:start_y={y + dice.Next(-0.002, 0.002):0.##########}:start_scale={dice.Next(0.01, 0.4):0.######}:end_scale=0.001,hue=h={dice.Next(0L, 359L)}:s=1.2");
        string[] arguments = ["-frames:v", "1", "-pix_fmt", "rgb24", "-c:v", "png", "-f", "image2", "-update", "1", Made];
        await ffmpeg.RunAsync(job, new FfmpegCall([new(graph, "lavfi")], arguments), cancellation).ConfigureAwait(false);
        return Made;
    }
}

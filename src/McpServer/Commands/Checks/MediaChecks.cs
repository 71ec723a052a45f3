using Pipeline.Tools.Contract;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.McpServer.Commands.Checks;

/// <summary>ffmpeg, ffprobe, what they were built with, and what stands around them.</summary>
internal static class MediaChecks
{
    private const string Install = "Install the distribution's full ffmpeg package (Debian: apt-get install ffmpeg).";

    private static readonly string[] Filters =
    [
        "scale", "crop", "select", "format", "concat", "setpts", "aresample", "amix", "atrim", "trim", "fps", "pad", "overlay", "xstack",
        "scdet", "blackdetect", "freezedetect", "silencedetect", "ebur128", "loudnorm", "signalstats", "blurdetect",
        "hqdn3d", "unsharp", "eq", "deshake", "minterpolate",
    ];

    private static readonly (string Name, string For)[] Extras =
    [
        ("drawtext", "titles and the times on contact sheets"),
        ("subtitles", "captions burnt into the picture"),
        ("flite", "the spoken sample of the demo"),
        ("vidstabdetect", "the better of two ways to steady a picture"),
    ];

    private static readonly string[] Encoders = ["libx264", "aac", "mjpeg", "png"];

    public static async Task<IReadOnlyList<Finding>> RunAsync(DirectoryInfo scratch, CancellationToken cancellation)
    {
        var ffmpeg = new Ffmpeg(new FfmpegOptions(), TimeProvider.System);
        using var job = WorkFolder.Create(scratch.FullName, "media");
        try
        {
            var (version, probe) = await ffmpeg.VersionsAsync(job, cancellation).ConfigureAwait(false);
            var filters = await MissingAsync(Filters, name => ffmpeg.HasFilterAsync(job, name, cancellation)).ConfigureAwait(false);
            var encoders = await MissingAsync(Encoders, name => ffmpeg.HasEncoderAsync(job, name, cancellation)).ConfigureAwait(false);
            var box = await ffmpeg.BoxAsync(job, cancellation).ConfigureAwait(false);
            return
            [
                new("ffmpeg", Standing.Ok, version),
                new("ffprobe", Standing.Ok, probe),
                Parts("filters", Filters, filters),
                Parts("encoders", Encoders, encoders),
                await ExtrasAsync(ffmpeg, job, cancellation).ConfigureAwait(false),
                new("box", box.Kind == "bubblewrap" ? Standing.Ok : Standing.Note, box.Description, box.Kind switch
                {
                    "bubblewrap" => null,
                    "unshare" => "Media work goes on; bubblewrap would also hide the machine's files from ffmpeg.",
                    _ => "Media work goes on without it; it only keeps ffmpeg from the rest of the machine.",
                }),
            ];
        }
        catch (ToolError missing)
        {
            return [new("ffmpeg", Standing.Missing, missing.Message, Install)];
        }
    }

    private static Finding Parts(string name, string[] wanted, IReadOnlyList<string> missing) => missing.Count == 0
        ? new(name, Standing.Ok, $"all {wanted.Length} that are used")
        : new(name, Standing.Missing, $"missing: {string.Join(", ", missing)}", Install);

    private static async Task<Finding> ExtrasAsync(Ffmpeg ffmpeg, WorkFolder job, CancellationToken cancellation)
    {
        var missing = await MissingAsync(Extras.Select(extra => extra.Name), name => ffmpeg.HasFilterAsync(job, name, cancellation)).ConfigureAwait(false);
        return missing.Count == 0
            ? new("extras", Standing.Ok, string.Join(", ", Extras.Select(extra => extra.Name)))
            : new("extras", Standing.Note, "without " + string.Join("; ", Extras.Where(extra => missing.Contains(extra.Name)).Select(extra => $"{extra.Name} ({extra.For})")), Install);
    }

    private static async Task<IReadOnlyList<string>> MissingAsync(IEnumerable<string> names, Func<string, Task<bool>> has)
    {
        var missing = new List<string>();
        foreach (var name in names)
        {
            if (!await has(name).ConfigureAwait(false))
            {
                missing.Add(name);
            }
        }

        return missing;
    }
}

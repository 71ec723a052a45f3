using System.Globalization;
using Pipeline.Tools.Media.Frames;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.McpServer.Demo;

/// <summary>Makes the demo's own footage from a script: the same file each time on the same ffmpeg.</summary>
/// <param name="ffmpeg">Renders it.</param>
public sealed class SampleFilm(Ffmpeg ffmpeg)
{
    private const int SoundRate = 48_000;
    private const string Made = "sample.mp4";
    private const string Folder = "making-";

    /// <summary>Renders the script to <paramref name="film"/>; what is there is replaced only by a whole file.</summary>
    /// <returns>Whether its lines are really spoken; without flite a tone stands for each.</returns>
    public async Task<bool> MakeAsync(SampleScript script, string film, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(film))!;
        foreach (var left in Directory.EnumerateDirectories(folder, Folder + "*"))
        {
            Directory.Delete(left, recursive: true);
        }

        using var job = WorkFolder.Create(folder, $"{Folder}{Environment.ProcessId}");
        var speaks = await ffmpeg.HasFilterAsync(job, "flite", cancellation).ConfigureAwait(false);
        var font = await ffmpeg.HasFilterAsync(job, "drawtext", cancellation).ConfigureAwait(false) ? Fonts.Find() : null;
        List<FfmpegInput> inputs = [];
        List<string> chains = [];
        for (var at = 0; at < script.Scenes.Count; at++)
        {
            await Task.WhenAll(Papers(script.Scenes[at], at).Select(paper => File.WriteAllTextAsync(job.File(paper.Name), paper.Text, cancellation))).ConfigureAwait(false);
            AddScene(script, at, speaks, font, inputs, chains);
        }

        chains.Add(string.Concat(script.Scenes.Select((_, at) => $"[v{at}][a{at}]")) + $"concat=n={script.Scenes.Count}:v=1:a=1[picture][sound]");
        string[] arguments =
        [
            "-filter_complex", string.Join(';', chains), "-map", "[picture]", "-map", "[sound]",
            "-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-g", Text(script.FramesPerSecond * 2), "-pix_fmt", "yuv420p",
            "-c:a", "aac", "-b:a", "128k", "-movflags", "+faststart", "-f", "mp4", Made,
        ];
        await ffmpeg.RunAsync(job, new FfmpegCall(inputs, arguments), cancellation).ConfigureAwait(false);
        File.Move(job.File(Made), film, overwrite: true);
        return speaks;
    }

    // Words reach ffmpeg through files: nothing in them can mean anything to a filter graph.
    private static IEnumerable<(string Name, string Text)> Papers(SampleScene scene, int at) =>
        [($"title-{at}.txt", scene.Title), .. scene.Says.Select((line, n) => ($"line-{at}-{n}.txt", line.Text))];

    private static void AddScene(SampleScript script, int at, bool speaks, string? font, List<FfmpegInput> inputs, List<string> chains)
    {
        var scene = script.Scenes[at];
        var seconds = Text(script.SceneSeconds);
        var share = scene.PictureScale ?? 1;
        var joint = scene.Picture.Contains('=', StringComparison.Ordinal) ? ':' : '=';
        var picture = inputs.Count;
        inputs.Add(new($"{scene.Picture}{joint}s={Text(script.Width * share)}x{Text(script.Height * share)}:r={script.FramesPerSecond}", "lavfi", "-t", seconds));
        List<string> filters = [$"scale={script.Width}:{script.Height}:flags=neighbor", "format=yuv420p", "setsar=1"];
        if (scene.Finish is { } finish)
        {
            filters.Add(finish);
        }

        if (font is not null)
        {
            filters.Add($"drawtext=fontfile={font}:textfile=title-{at}.txt:x=24:y=24:fontsize=28:fontcolor=white:box=1:boxcolor=black@0.55:boxborderw=10");
        }

        if (scene.Flaw is { } flaw)
        {
            filters.Add(flaw);
        }

        chains.Add($"[{picture}:v]{string.Join(',', filters)}[v{at}]");
        AddSound(script, at, speaks, inputs, chains);
    }

    private static void AddSound(SampleScript script, int at, bool speaks, List<FfmpegInput> inputs, List<string> chains)
    {
        var scene = script.Scenes[at];
        var hum = inputs.Count;
        inputs.Add(new($"sine=frequency={scene.HumHertz}:sample_rate={SoundRate}:duration={Text(script.SceneSeconds)}", "lavfi"));
        chains.Add($"[{hum}:a]volume=0.04,aformat=channel_layouts=mono[h{at}]");
        for (var n = 0; n < scene.Says.Count; n++)
        {
            var line = scene.Says[n];
            var seconds = Text(line.EndSeconds - line.StartSeconds);
            chains.Add($"[{inputs.Count}:a]aresample={SoundRate},aformat=channel_layouts=mono,atrim=duration={seconds},adelay={Text(line.StartSeconds * 1000)}[l{at}_{n}]");
            inputs.Add(new(speaks ? $"flite=textfile=line-{at}-{n}.txt:voice={script.Voice}" : $"sine=frequency={scene.HumHertz * 4}:beep_factor=3:duration={seconds}", "lavfi"));
        }

        chains.Add($"[h{at}]" + string.Concat(scene.Says.Select((_, n) => $"[l{at}_{n}]")) + $"amix=inputs={scene.Says.Count + 1}:duration=first:normalize=0[a{at}]");
    }

    private static string Text(double number) => number.ToString("0.###", CultureInfo.InvariantCulture);
}

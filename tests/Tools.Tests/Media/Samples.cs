using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Pipeline.Tools.Tests.Media;

/// <summary>Small media, made once by ffmpeg's own generators, and what ffmpeg itself says of a file.</summary>
public sealed class Samples : IDisposable
{
    private readonly Dictionary<string, string> _made = [];
    private readonly Lock _gate = new();

    public Samples()
    {
        Folder = Path.Combine(Path.GetTempPath(), "pipeline-media-" + Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    // After an H.264 group that is entered in its middle, the decoder is told to forget pictures that it never had.
    private static readonly Regex Harmless = new(@"\[h264 @ \w+\] mmco: unref short failure\n");

    private const string Picture = "-f lavfi -i testsrc2=s=320x180:r=30:d=8";
    private const string Tone = "-f lavfi -i sine=f=440:r=44100:d=8";
    private const string X264 = "-c:v libx264 -preset veryfast -bf 3 -g 60 -keyint_min 60 -sc_threshold 0 -pix_fmt yuv420p -threads 1";

    /// <summary>H.264 with B frames and AAC, a key frame every two seconds, movie header first.</summary>
    public string Mp4 => Make("plain.mp4", $"{Picture} {Tone} {X264} -c:a aac -movflags +faststart");

    public string MoovAtEnd => Make("end.mp4", $"-i {Mp4} -c copy");

    public string Fragmented => Make("fragmented.mp4", $"-i {Mp4} -c copy -movflags +frag_keyframe+empty_moov+default_base_moof");

    public string Mkv => Make("plain.mkv", $"-i {Mp4} -c copy");

    public string VideoOnly => Make("video.mp4", $"-i {Mp4} -c copy -an -movflags +faststart");

    public string AudioOnly => Make("audio.m4a", $"-i {Mp4} -c copy -vn -f mp4 -brand M4A");

    public string Rotated => Make("rotated.mp4", $"-i {Mp4} -c copy -metadata:s:v:0 rotate=90 -movflags +faststart");

    /// <summary>H.265 with open groups: pictures that lead a key frame need the group before it.</summary>
    public string OpenGop => Make("open.mp4", $"{Picture} -c:v libx265 -preset ultrafast -x265-params keyint=60:min-keyint=60:open-gop=1:bframes=4:scenecut=0:log-level=error -pix_fmt yuv420p -tag:v hvc1");

    /// <summary>H.264 with open groups.</summary>
    public string OpenGop264 => Make("open264.mp4", $"{Picture} {X264} -x264-params open-gop=1:scenecut=0");

    public string Wav => Make("tone.wav", "-f lavfi -i sine=f=440:d=2");

    public string Png => Make("still.png", "-f lavfi -i testsrc2=s=64x64 -frames:v 1");

    public string Make(string name, string arguments)
    {
        lock (_gate)
        {
            if (!_made.TryGetValue(name, out var file))
            {
                file = Path.Combine(Folder, name);
                Run("ffmpeg", $"-v error -nostdin {arguments} -y {file}");
                _made[name] = file;
            }

            return file;
        }
    }

    public string File(string name, byte[] content)
    {
        var file = Path.Combine(Folder, name);
        System.IO.File.WriteAllBytes(file, content);
        return file;
    }

    /// <summary>A hash and a time for each decoded frame of the first picture track (or sound, with <c>a:0</c>); decoding must not complain.</summary>
    public static IReadOnlyList<(double Time, string Hash)> Frames(string file, string stream = "v:0") => Hashes($"-i {file} -map 0:{stream} -vsync passthrough");

    /// <summary>The same of packets, undecoded.</summary>
    public static IReadOnlyList<(double Time, string Hash)> Packets(string file, string stream = "v:0") => Hashes($"-i {file} -map 0:{stream} -c copy -avoid_negative_ts disabled");

    private static List<(double Time, string Hash)> Hashes(string arguments)
    {
        var printed = Run("ffmpeg", $"-v error -nostdin {arguments} -f framemd5 -");
        var rate = 1.0;
        List<(double, string)> frames = [];
        foreach (var line in printed.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("#tb", StringComparison.Ordinal))
            {
                var parts = line.Split(' ')[^1].Split('/');
                rate = double.Parse(parts[0], CultureInfo.InvariantCulture) / double.Parse(parts[1], CultureInfo.InvariantCulture);
            }
            else if (line[0] != '#')
            {
                var cells = line.Split(',', StringSplitOptions.TrimEntries);
                frames.Add((long.Parse(cells[2], CultureInfo.InvariantCulture) * rate, cells[5]));
            }
        }

        return frames;
    }

    public static string Probe(string file, string arguments) => Run("ffprobe", $"-v error {arguments} {file}");

    public static string Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0 && Harmless.Replace(error.Result, "").Trim().Length == 0, $"{program} {arguments}: {process.ExitCode} {error.Result}");
        return output;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>The same samples for every media test.</summary>
[CollectionDefinition("media")]
public sealed class MediaCollection : ICollectionFixture<Samples>;

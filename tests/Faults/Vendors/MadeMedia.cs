using System.Collections.Concurrent;
using System.Diagnostics;

namespace Pipeline.Faults.Vendors;

/// <summary>Small real media, made by ffmpeg once for each kind.</summary>
public static class MadeMedia
{
    private static readonly ConcurrentDictionary<string, Task<byte[]>> Made = new();

    /// <param name="kind">video, image, audio or text.</param>
    public static Task<byte[]> OfAsync(string kind) => Made.GetOrAdd(kind, MakeAsync);

    public static string TypeOf(string kind) => kind switch { "video" => "video/mp4", "image" => "image/png", "audio" => "audio/mpeg", _ => "text/vtt" };

    public static string NameOf(string kind) => kind switch { "video" => "out.mp4", "image" => "out.png", "audio" => "out.mp3", _ => "out.vtt" };

    private static async Task<byte[]> MakeAsync(string kind)
    {
        if (kind == "text")
        {
            return "WEBVTT\n\n00:00:00.000 --> 00:00:01.000\nShe opens the door.\n"u8.ToArray();
        }

        var folder = Directory.CreateTempSubdirectory("pipeline-vendor-");
        try
        {
            var file = Path.Combine(folder.FullName, NameOf(kind));
            string[] words = kind switch
            {
                "video" => ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=12:duration=1", "-pix_fmt", "yuv420p", "-movflags", "+faststart", file],
                "image" => ["-f", "lavfi", "-i", "testsrc2=size=160x90:rate=1:duration=1", "-frames:v", "1", file],
                _ => ["-f", "lavfi", "-i", "sine=frequency=440:duration=1", file],
            };
            using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-v", "error", "-y", .. words]))!;
            await ffmpeg.WaitForExitAsync();
            return await File.ReadAllBytesAsync(file);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

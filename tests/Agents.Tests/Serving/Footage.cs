using System.Diagnostics;
using Pipeline.Agents.Connecting;

namespace Pipeline.Agents.Tests.Serving;

/// <summary>Footage that tests make for themselves.</summary>
internal static class Footage
{
    /// <summary>Eight seconds in two scenes with a tone, a key frame each second, put into a workspace as <c>footage/day.mp4</c>.</summary>
    /// <param name="flaw">A filter that spoils the second scene.</param>
    public static async Task<string> PutAsync(Server server, Connection connection, string workspace, string flaw = "null")
    {
        var file = Path.Combine(server.Files, workspace + ".mp4");
        await FfmpegAsync(
            "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=4", "-f", "lavfi", "-i", "mandelbrot=size=320x180:rate=25", "-f", "lavfi", "-i", "sine=frequency=440:duration=8",
            "-filter_complex", "[1:v]trim=duration=4,setpts=PTS-STARTPTS," + flaw + "[b];[0:v][b]concat=n=2:v=1,format=yuv420p[v]", "-map", "[v]", "-map", "2:a", "-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a", "aac", "-t", "8", file);
        await connection.ChangeAsync("create_workspace", new { workspace }, $"workspace {workspace}", default);
        var asset = $"{workspace}/footage/day.mp4";
        await connection.ChangeAsync("import_asset", new { asset, path = file }, $"import {workspace}", default);
        return asset;
    }

    private static async Task FfmpegAsync(params string[] arguments)
    {
        using var ffmpeg = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-v", "error", "-y", .. arguments]) { RedirectStandardError = true })!;
        var said = await ffmpeg.StandardError.ReadToEndAsync();
        await ffmpeg.WaitForExitAsync();
        Assert.True(ffmpeg.ExitCode == 0, said);
    }
}

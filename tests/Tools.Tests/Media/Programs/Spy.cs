using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Tests.Media.Programs;

/// <summary>Programs that stand where ffmpeg should: one that looks around and tells, and one that is ffmpeg without the guards in its arguments.</summary>
internal static class Spy
{
    /// <summary>A program made of a shell script, in a folder of its own so that a box shows nothing else beside it.</summary>
    public static string Program(string folder, string name, string script)
    {
        var place = Directory.CreateDirectory(Path.Combine(folder, "bin-" + name)).FullName;
        var file = Path.Combine(place, name);
        File.WriteAllText(file, "#!/bin/bash\n" + script.ReplaceLineEndings("\n"));
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }

        return file;
    }

    /// <summary>ffmpeg to which everything is allowed: no lists, no forced demuxer for files.</summary>
    public static FfmpegOptions Unguarded(string folder, FfmpegOptions options) =>
        options with { Ffmpeg = Program(folder, "ffmpeg", Unlist + "exec /usr/bin/ffmpeg \"$@\"\n"), Ffprobe = Program(folder, "ffprobe", Unlist + "exec /usr/bin/ffprobe \"$@\"\n") };

    private const string Unlist = """
        left=$#
        while [ "$left" -gt 0 ]; do
          arg=$1; shift; left=$((left-1))
          case $arg in
            -format_whitelist|-codec_whitelist) shift; left=$((left-1));;
            -protocol_whitelist) shift; left=$((left-1)); set -- "$@" -protocol_whitelist file,pipe,http,tcp,udp,unix,crypto,data,concat,concatf,subfile,cache,rtp;;
            -f) if [ "$2" = -i ]; then shift; left=$((left-1)); else set -- "$@" -f; fi;;
            *) set -- "$@" "$arg";;
          esac
        done

        """;
}

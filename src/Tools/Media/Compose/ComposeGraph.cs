using System.Globalization;

namespace Pipeline.Tools.Media.Compose;

/// <summary>
/// The filter graph of a film. Every clip becomes the same size, rate and sample rate and exactly its number of frames, in picture and in
/// sound; gaps are black and silent. The graph holds numbers and input indices, nothing that a caller wrote.
/// </summary>
internal sealed class ComposeGraph(int width, int height, double fps)
{
    private const string Level = "aresample=48000,aformat=sample_fmts=fltp:channel_layouts=stereo";

    private readonly List<string> _chains = [];
    private readonly List<string> _order = [];
    private int _frames;

    /// <summary>Length so far.</summary>
    public double Seconds => _frames / fps;

    /// <summary>Adds a clip after those before it, and the gap to it if it starts later.</summary>
    public void Add(int input, ComposedClip clip)
    {
        var start = (int)Math.Round(clip.StartSeconds * fps);
        if (start > _frames)
        {
            Gap(start - _frames);
        }

        var n = _order.Count;
        _chains.Add(Text($"[{input}:v:0]setpts=PTS-STARTPTS,fps={fps},scale={width}:{height}:force_original_aspect_ratio=decrease:flags=bicubic,pad={width}:{height}:(ow-iw)/2:(oh-ih)/2,setsar=1,format=yuv420p,tpad=stop_mode=clone:stop={clip.Frames},trim=end_frame={clip.Frames},setpts=PTS-STARTPTS[v{n}]"));
        _chains.Add(clip.Sounds
            ? Text($"[{input}:a:0]asetpts=PTS-STARTPTS,{Level},apad,atrim=duration={clip.Frames / fps:0.#########},asetpts=PTS-STARTPTS[a{n}]")
            : Silence(clip.Frames, n));
        _order.Add(Text($"[v{n}][a{n}]"));
        _frames += clip.Frames;
    }

    /// <summary>Ends the graph with the sounds mixed in, levelled if asked, and captions drawn if asked.</summary>
    public string Build(IReadOnlyList<(int Input, ComposedSound Sound)> sounds, double? loudness_lufs, string? captions)
    {
        var pictures = captions is null ? "[video]" : "[plain]";
        _chains.Add(string.Concat(_order) + Text($"concat=n={_order.Count}:v=1:a=1{pictures}[own]"));
        if (captions is not null)
        {
            _chains.Add($"[plain]subtitles=filename={captions}[video]");
        }

        var mix = "[own]";
        foreach (var (input, sound) in sounds)
        {
            _chains.Add(Text($"[{input}:a:0]asetpts=PTS-STARTPTS,{Level},atrim=duration={sound.Seconds:0.######},volume={sound.GainDb}dB,adelay={(long)Math.Round(sound.StartSeconds * 1000)}:all=1[m{input}]"));
            mix += Text($"[m{input}]");
        }

        var join = sounds.Count > 0 ? Text($"amix=inputs={sounds.Count + 1}:duration=first:normalize=0,alimiter=limit=0.95") : "anull";
        var level = loudness_lufs is { } target ? Text($",loudnorm=I={target}:TP=-1.5:LRA=11,{Level}") : "";
        _chains.Add(Text($"{mix}{join}{level},apad,atrim=duration={Seconds:0.#########}[audio]"));
        return string.Join(';', _chains);
    }

    private void Gap(int frames)
    {
        var n = _order.Count;
        _chains.Add(Text($"color=black:s={width}x{height}:r={fps},format=yuv420p,setsar=1,trim=end_frame={frames}[v{n}]"));
        _chains.Add(Silence(frames, n));
        _order.Add(Text($"[v{n}][a{n}]"));
        _frames += frames;
    }

    private string Silence(int frames, int n) => Text($"anullsrc=r=48000:cl=stereo,{Level},atrim=duration={frames / fps:0.#########}[a{n}]");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

namespace Pipeline.Tools.Media.Analyze;

/// <summary>
/// The filter graph of an analysis: one decode, and from it a branch for each kind of look. Pictures are looked at small, since decoding
/// costs most and numbers then compare across sizes; only noise needs the full size.
/// </summary>
internal sealed class AnalysisGraph
{
    public const string FineFile = "analysis-fine.txt";
    public const string CoarseFile = "analysis-coarse.txt";
    public const string NoiseFile = "analysis-noise.txt";
    public const string LoudnessFile = "analysis-loudness.txt";
    public const string MotionFile = "analysis-motion.txt";
    public const string HeardFile = "analysis-heard.txt";

    private const string Print = "signalstats,metadata=print:key=lavfi.signalstats.YAVG:file=";

    private static readonly (MediaCheck Check, string Filter)[] Detectors =
    [
        (MediaCheck.Black, "blackdetect=d=0.1:pic_th=0.98"),
        (MediaCheck.Freeze, "freezedetect=n=-60dB:d=0.5"),
        (MediaCheck.Scenes, "scdet=threshold=10"),
        (MediaCheck.Blur, "blurdetect=block_width=32:block_height=32:block_pct=80"),
    ];

    private readonly List<string> _chains = [];
    private readonly List<string> _outputs = [];

    public AnalysisGraph(IReadOnlySet<MediaCheck> wanted)
    {
        Pictures(wanted);
        Sound(wanted);
    }

    public bool Empty => _outputs.Count == 0;

    /// <summary>The arguments after the input.</summary>
    public IReadOnlyList<string> Arguments =>
        ["-filter_complex", string.Join(';', _chains), .. _outputs.SelectMany(output => new[] { "-map", output }), "-vsync", "passthrough", "-f", "null", "-"];

    private void Pictures(IReadOnlySet<MediaCheck> wanted)
    {
        List<(string Name, string Chain)> branches = [];
        var detect = string.Join(',', Detectors.Where(entry => wanted.Contains(entry.Check)).Select(entry => entry.Filter));
        const string Small = "scale=480:-2:flags=area,format=yuv420p";
        if (detect.Length > 0)
        {
            branches.Add(("detect", $"[detect]{Small},{detect}[detected]"));
            _outputs.Add("[detected]");
        }

        if (wanted.Contains(MediaCheck.Motion) || wanted.Contains(MediaCheck.Sync))
        {
            // Every frame is printed with its time, so that one look serves both.
            branches.Add(("moving", $"[moving]{Small},signalstats,metadata=print:key=lavfi.signalstats.YDIF:file={MotionFile}[moved]"));
            _outputs.Add("[moved]");
        }

        if (wanted.Contains(MediaCheck.Sharpness))
        {
            // What a narrow blur takes away, against what a wide one does: independent of brightness and contrast.
            branches.Add(("sharp", $"[sharp]fps=4,{Small},split=4[s1][s2][s3][s4];[s2]gblur=sigma=1[narrow];[s4]gblur=sigma=8[wide];"
                + $"[s1][narrow]blend=all_mode=difference,{Print}{FineFile}[fine];[s3][wide]blend=all_mode=difference,{Print}{CoarseFile}[coarse]"));
            _outputs.AddRange(["[fine]", "[coarse]"]);
        }

        if (wanted.Contains(MediaCheck.Noise))
        {
            branches.Add(("noise", $"[noise]fps=4,bitplanenoise=bitplane=1,metadata=print:key=lavfi.bitplanenoise.0.1:file={NoiseFile}[noised]"));
            _outputs.Add("[noised]");
        }

        if (branches.Count > 0)
        {
            _chains.Add($"[0:v:0]split={branches.Count}" + string.Concat(branches.Select(branch => $"[{branch.Name}]")));
            _chains.AddRange(branches.Select(branch => branch.Chain));
        }
    }

    private void Sound(IReadOnlySet<MediaCheck> wanted)
    {
        List<string> filters = [];
        if (wanted.Contains(MediaCheck.Sync))
        {
            // Before anything that deals the samples out anew.
            filters.Add($"astats=metadata=1:reset=1:measure_perchannel=DC_offset:measure_overall=none,ametadata=print:key=lavfi.astats.1.DC_offset:file={HeardFile}");
        }

        if (wanted.Contains(MediaCheck.Silence))
        {
            filters.Add("silencedetect=n=-50dB:d=0.5");
        }

        if (wanted.Contains(MediaCheck.Loudness))
        {
            filters.Add($"ebur128=metadata=1:peak=true:framelog=verbose,ametadata=print:file={LoudnessFile}");
        }

        if (filters.Count > 0)
        {
            _chains.Add($"[0:a:0]{string.Join(',', filters)}[heard]");
            _outputs.Add("[heard]");
        }
    }
}

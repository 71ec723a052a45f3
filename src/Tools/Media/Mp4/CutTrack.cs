namespace Pipeline.Tools.Media.Mp4;

/// <summary>What of one track goes into a cut: samples in decode order, the decode time that becomes 0, and the edit that is shown.</summary>
/// <param name="Track">The track in the source.</param>
/// <param name="Samples">Indices in decode order.</param>
/// <param name="Zero">The source's decode time that becomes 0.</param>
/// <param name="MediaStart">The media time, from <paramref name="Zero"/>, that is shown first.</param>
/// <param name="EmptySeconds">A wait before it.</param>
/// <param name="ShownSeconds">How long it is shown.</param>
public sealed record CutTrack(Mp4Track Track, int[] Samples, long Zero, long MediaStart, double EmptySeconds, double ShownSeconds)
{
    /// <summary>Bytes that stand before the first sample and become part of it.</summary>
    internal byte[] Mark { get; init; } = [];

    /// <summary>The n-th chosen sample's size in the cut.</summary>
    public int Size(int n) => Track.Samples.Size(Samples[n]) + (n == 0 ? Mark.Length : 0);

    /// <summary>The decode time of the n-th chosen sample in the cut.</summary>
    public long DecodeTime(int n) => Track.Samples.DecodeTime(Samples[n]) - Zero;

    /// <summary>Until the next chosen sample; the last keeps its own duration.</summary>
    public long Duration(int n) => n + 1 < Samples.Length ? DecodeTime(n + 1) - DecodeTime(n) : Math.Max(1, Track.Samples.Duration(Samples[n]));
}

using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>
/// The order in which chosen samples are copied, and the ranges that are read for them. Samples keep the source's order, so neighbours
/// become one read; a small gap of unwanted bytes is read over when that saves a request.
/// </summary>
internal sealed class CopyPlan
{
    // Reading over gaps may cost at most this share of the wanted bytes.
    private const double GapShare = 0.015;

    private CopyPlan(List<Piece> pieces, List<CopyRead> reads) => (Pieces, Reads) = (pieces, reads);

    /// <summary>Samples in the order in which they are written.</summary>
    public List<Piece> Pieces { get; }

    public List<CopyRead> Reads { get; }

    /// <summary>Bytes to write, marks included.</summary>
    public long Bytes => Reads.Sum(read => read.Wanted.Sum(wanted => wanted.Length + wanted.Mark.Length));

    public static CopyPlan For(CutSelection selection, long file_bytes)
    {
        List<Piece> pieces = [];
        for (var track = 0; track < selection.Tracks.Count; track++)
        {
            var chosen = selection.Tracks[track];
            for (var n = 0; n < chosen.Samples.Length; n++)
            {
                var sample = chosen.Samples[n];
                pieces.Add(new Piece(track, n, chosen.Track.Samples.Offset(sample), chosen.Track.Samples.Size(sample), n == 0 ? chosen.Mark : []));
            }
        }

        // A stable order keeps a track's samples in decode order even where a hostile table overlaps them.
        pieces = [.. pieces.OrderBy(piece => piece.Offset)];
        if (!Ordered(pieces, selection.Tracks.Count))
        {
            pieces = [.. pieces.OrderBy(piece => piece.Track).ThenBy(piece => piece.Number)];
        }

        if (pieces.Sum(piece => (long)piece.Size) > file_bytes + (1 << 20))
        {
            throw new MediaDamagedError("its samples overlap");
        }

        return new CopyPlan(pieces, Join(pieces));
    }

    private static bool Ordered(List<Piece> pieces, int tracks)
    {
        var next = new int[tracks];
        return pieces.TrueForAll(piece => piece.Number == next[piece.Track]++);
    }

    private static List<CopyRead> Join(List<Piece> pieces)
    {
        List<(long Start, long End, byte[] Mark)> runs = [];
        foreach (var piece in pieces)
        {
            if (runs.Count > 0 && runs[^1].End == piece.Offset && piece.Mark.Length == 0)
            {
                runs[^1] = runs[^1] with { End = piece.Offset + piece.Size };
            }
            else
            {
                runs.Add((piece.Offset, piece.Offset + piece.Size, piece.Mark));
            }
        }

        var spare = (long)(pieces.Sum(piece => (long)piece.Size) * GapShare);
        var bridged = new HashSet<int>();
        foreach (var (gap, index) in runs.Skip(1).Select((run, n) => (Gap: run.Start - runs[n].End, Index: n + 1)).Where(gap => gap.Gap >= 0).OrderBy(gap => gap.Gap))
        {
            if (gap > spare)
            {
                break;
            }

            spare -= gap;
            bridged.Add(index);
        }

        List<CopyRead> reads = [];
        for (var run = 0; run < runs.Count; run++)
        {
            if (!bridged.Contains(run))
            {
                reads.Add(new CopyRead([]));
            }

            reads[^1].Wanted.Add((runs[run].Start, runs[run].End - runs[run].Start, runs[run].Mark));
        }

        return reads;
    }

    /// <summary>The n-th chosen sample of a track, where it lies in the source.</summary>
    internal readonly record struct Piece(int Track, int Number, long Offset, int Size, byte[] Mark);
}

/// <summary>One range to read: the wanted parts in it, in order; what lies between is dropped.</summary>
internal sealed record CopyRead(List<(long Start, long Length, byte[] Mark)> Wanted)
{
    public long Start => Wanted[0].Start;

    public long Length => Wanted[^1].Start + Wanted[^1].Length - Start;
}

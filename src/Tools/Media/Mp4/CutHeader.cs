using System.Buffers.Binary;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>Writes the head of a cut: file type, movie box with the chosen samples' tables, and the media data's header.</summary>
internal sealed class CutHeader(Mp4Movie movie, CutSelection selection, CopyPlan plan)
{
    private static readonly byte[] Plain = new BoxWriter().Begin("ftyp").Raw("isom"u8).U32(512).Raw("isomiso2mp41"u8).End().ToArray();

    private readonly uint _clock = selection.Tracks[0].Track.Timescale;
    private readonly List<Chunk>[] _chunks = Chunks(selection.Tracks.Count, selection, plan);

    public byte[] Build()
    {
        var type = movie.FileType.Length > 0 && !movie.Fragmented ? movie.FileType : Plain;
        var wide = plan.Bytes > uint.MaxValue - (64 << 20);
        var header = wide ? 16 : 8;
        var size = Movie(0, wide).Length;
        var body = Movie(type.Length + size + header, wide);
        var data = new byte[header];
        BinaryPrimitives.WriteUInt32BigEndian(data, wide ? 1 : (uint)(plan.Bytes + header));
        "mdat"u8.CopyTo(data.AsSpan(4));
        if (wide)
        {
            BinaryPrimitives.WriteInt64BigEndian(data.AsSpan(8), plan.Bytes + header);
        }

        return [.. type, .. body, .. data];
    }

    private static List<Chunk>[] Chunks(int tracks, CutSelection selection, CopyPlan plan)
    {
        var chunks = new List<Chunk>[tracks];
        long at = 0;
        var current = -1;
        foreach (var piece in plan.Pieces)
        {
            var list = chunks[piece.Track] ??= [];
            var chosen = selection.Tracks[piece.Track];
            var description = chosen.Track.Samples.Description(chosen.Samples[piece.Number]);
            if (current != piece.Track || list.Count == 0 || list[^1].Description != description)
            {
                list.Add(new Chunk(at, 0, description));
            }

            list[^1] = list[^1] with { Samples = list[^1].Samples + 1 };
            current = piece.Track;
            at += piece.Size + piece.Mark.Length;
        }

        return chunks;
    }

    private byte[] Movie(long data_starts_at, bool wide)
    {
        var writer = new BoxWriter();
        var duration = selection.Tracks.Max(track => Ticks(track.EmptySeconds) + Ticks(track.ShownSeconds));
        writer.Begin("moov").Begin("mvhd", 1, 0).U64(0).U64(0).U32(_clock).U64(duration).U32(0x10000).U16(0x100).U16(0).U64(0);
        Unity(writer).Raw(new byte[24]).U32(selection.Tracks.Max(track => track.Track.Id) + 1).End();
        for (var track = 0; track < selection.Tracks.Count; track++)
        {
            Track(writer, selection.Tracks[track], _chunks[track], data_starts_at, wide);
        }

        return writer.End().ToArray();
    }

    private void Track(BoxWriter writer, CutTrack cut, List<Chunk> chunks, long data_starts_at, bool wide)
    {
        var track = cut.Track;
        var (empty, shown) = (Ticks(cut.EmptySeconds), Ticks(cut.ShownSeconds));
        writer.Begin("trak").Raw(Header(track, empty + shown));
        writer.Begin("edts").Begin("elst", 1, 0).U32(empty > 0 ? 2u : 1u);
        if (empty > 0)
        {
            writer.U64(empty).U64(ulong.MaxValue).U32(0x10000);
        }

        writer.U64(shown).U64((ulong)cut.MediaStart).U32(0x10000).End().End();
        var media = cut.DecodeTime(cut.Samples.Length - 1) + cut.Duration(cut.Samples.Length - 1);
        writer.Begin("mdia").Begin("mdhd", 1, 0).U64(0).U64(0).U32(track.Timescale).U64((ulong)media).U16(track.Language).U16(0).End();
        writer.Raw(track.HandlerBox).Begin("minf").Raw(track.MediaHeader);
        writer.Begin("dinf").Begin("dref", 0, 0).U32(1).Begin("url ", 0, 1).End().End().End();
        writer.Begin("stbl").Raw(track.Descriptions);
        CutTables.Write(writer, cut);
        Places(writer, chunks, data_starts_at, wide);
        writer.End().End().End().End();
    }

    private static void Places(BoxWriter writer, List<Chunk> chunks, long data_starts_at, bool wide)
    {
        List<(uint First, Chunk Chunk)> groups = [];
        for (var chunk = 0; chunk < chunks.Count; chunk++)
        {
            if (groups.Count == 0 || groups[^1].Chunk.Samples != chunks[chunk].Samples || groups[^1].Chunk.Description != chunks[chunk].Description)
            {
                groups.Add(((uint)chunk + 1, chunks[chunk]));
            }
        }

        writer.Begin("stsc", 0, 0).U32((uint)groups.Count);
        foreach (var (first, chunk) in groups)
        {
            writer.U32(first).U32(chunk.Samples).U32((uint)chunk.Description);
        }

        writer.End().Begin(wide ? "co64" : "stco", 0, 0).U32((uint)chunks.Count);
        foreach (var chunk in chunks)
        {
            _ = wide ? writer.U64((ulong)(data_starts_at + chunk.Offset)) : writer.U32((uint)(data_starts_at + chunk.Offset));
        }

        writer.End();
    }

    // The source's own header keeps flags, layer, volume, matrix (rotation) and size; only the duration is new.
    private static byte[] Header(Mp4Track track, ulong ticks)
    {
        var source = track.Header.AsSpan();
        var wide = source[8] == 1;
        var writer = new BoxWriter().Begin("tkhd").U32((1u << 24) | (BinaryPrimitives.ReadUInt32BigEndian(source[8..]) & 0xFFFFFF) | 1);
        return writer.U64(0).U64(0).U32(track.Id).U32(0).U64(ticks).Raw(source[(wide ? 44 : 32)..]).End().ToArray();
    }

    private static BoxWriter Unity(BoxWriter writer) =>
        writer.U32(0x10000).U32(0).U32(0).U32(0).U32(0x10000).U32(0).U32(0).U32(0).U32(0x40000000);

    private ulong Ticks(double seconds) => (ulong)Math.Max(0, Math.Round(seconds * _clock));

    private readonly record struct Chunk(long Offset, uint Samples, int Description);
}

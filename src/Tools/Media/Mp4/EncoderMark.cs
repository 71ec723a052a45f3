namespace Pipeline.Tools.Media.Mp4;

/// <summary>
/// x264 before build 151 wrote 4:4:4 pictures in a way of its own, and decoders know by its mark, a message in the file's first sample. A
/// part that does not begin there is decoded wrongly unless it carries the mark too.
/// </summary>
internal static class EncoderMark
{
    private const int MostBytes = 4096;
    private const int Message = 6;

    /// <summary>The message with its length, to stand before the part's first sample; null when none is needed.</summary>
    public static async Task<byte[]?> FindAsync(CutTrack cut, RangedSource source, CancellationToken cancellation)
    {
        var samples = cut.Track.Samples;
        if (cut.Samples[0] == 0 || cut.Track.Codec is not ("avc1" or "avc3") || LengthBytes(cut.Track.Descriptions) is not { } lengthBytes)
        {
            return null;
        }

        var head = await source.ReadAsync(samples.Offset(0), Math.Min(MostBytes, samples.Size(0)), cancellation).ConfigureAwait(false);
        for (var at = 0; at + lengthBytes < head.Length;)
        {
            long length = 0;
            for (var n = 0; n < lengthBytes; n++)
            {
                length = (length << 8) | head[at + n];
            }

            if (length > head.Length - at - lengthBytes)
            {
                return null;
            }

            var unit = head.AsSpan(at, lengthBytes + (int)length);
            if (length > 0 && (unit[lengthBytes] & 31) == Message && unit.IndexOf("x264"u8) >= 0)
            {
                return unit.ToArray();
            }

            at += unit.Length;
        }

        return null;
    }

    // The size of a unit's length field, for the 4:4:4 profiles only: the others have no need of the mark.
    private static int? LengthBytes(byte[] descriptions)
    {
        var at = descriptions.AsSpan().IndexOf("avcC"u8);
        return at > 0 && at + 9 < descriptions.Length && descriptions[at + 5] is 244 or 44 ? (descriptions[at + 8] & 3) + 1 : null;
    }
}

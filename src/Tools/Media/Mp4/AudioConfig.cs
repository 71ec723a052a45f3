namespace Pipeline.Tools.Media.Mp4;

/// <summary>The true channel count of AAC: sample entries say 2 by custom, the decoder's own configuration (esds) says what is so.</summary>
internal static class AudioConfig
{
    private static readonly int[] ChannelsOf = [0, 1, 2, 3, 4, 5, 6, 8];

    /// <summary>The channel count, or null when the configuration does not say.</summary>
    public static int? Channels(Mp4Box entry)
    {
        if (entry.Type != "mp4a" || entry.Content.Length < 36 || entry.U16(8) != 0)
        {
            return null;
        }

        foreach (var box in entry.Children(28))
        {
            if (box.Type == "esds")
            {
                return Channels(box.From(4));
            }
        }

        return null;
    }

    // ES descriptor (3) holds decoder configuration (4) holds its specific bytes (5).
    private static int? Channels(ReadOnlySpan<byte> descriptors)
    {
        for (var depth = 0; depth < 3 && descriptors.Length >= 2; depth++)
        {
            var tag = descriptors[0];
            var at = 1;
            while (at < descriptors.Length && at < 5 && (descriptors[at] & 0x80) != 0)
            {
                at++;
            }

            at++;
            var skip = tag switch { 3 => 3, 4 => 13, _ => 0 };
            if (at + skip > descriptors.Length || tag is < 3 or > 5)
            {
                return null;
            }

            descriptors = descriptors[(at + skip)..];
            if (tag == 5)
            {
                return descriptors.Length >= 2 && ((descriptors[1] >> 3) & 15) is > 0 and < 8 and var setting && (((descriptors[0] & 7) << 1) | (descriptors[1] >> 7)) != 15 ? ChannelsOf[setting] : null;
            }
        }

        return null;
    }
}

using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>Turns a movie box into tracks. Sizes, counts and nesting are those of the format, each checked against what is there.</summary>
internal sealed class MovieParser
{
    private const int MaxTracks = 64;

    private readonly byte[] _movie;
    private readonly long _fileBytes;
    private readonly SampleBudget _budget;

    public MovieParser(byte[] movie, long file_bytes, SampleBudget budget)
    {
        (_movie, _fileBytes, _budget) = (movie, file_bytes, budget);
        var box = Root();
        HasFragments = box.TryChild("mvex", out var extends);
        if (HasFragments)
        {
            foreach (var child in extends.Children())
            {
                if (child.Type == "trex")
                {
                    Defaults[child.U32(4)] = new FragmentDefaults(child.U32(8), child.U32(12), child.U32(16), child.U32(20));
                }
            }
        }
    }

    public bool HasFragments { get; }

    public Dictionary<uint, FragmentDefaults> Defaults { get; } = [];

    public List<Mp4Track> Tracks(FragmentParser? fragments)
    {
        var movie = Root();
        var header = movie.Child("mvhd");
        var timescale = header.U32(header.Version == 1 ? 20 : 12);
        List<Mp4Track> tracks = [];
        foreach (var child in movie.Children())
        {
            if (child.Type != "trak")
            {
                continue;
            }

            if (tracks.Count == MaxTracks)
            {
                throw new LimitExceededError("tracks", MaxTracks, null);
            }

            tracks.Add(Track(child, timescale, fragments));
        }

        return tracks;
    }

    private Mp4Track Track(Mp4Box track, uint movie_timescale, FragmentParser? fragments)
    {
        var header = track.Child("tkhd");
        var id = header.U32(header.Version == 1 ? 20 : 12);
        var media = track.Child("mdia");
        var clock = media.Child("mdhd");
        var handler = media.Child("hdlr");
        var information = media.Child("minf");
        var table = information.Child("stbl");
        var descriptions = table.Child("stsd");
        var kind = Mp4Box.Name(handler.From(8)[..4]);
        var timescale = clock.U32(clock.Version == 1 ? 20 : 12);
        if (timescale is 0 or > 100_000_000)
        {
            throw new MediaDamagedError("a track has no usable timescale");
        }

        var samples = new SampleList(_fileBytes, _budget);
        if (kind is "vide" or "soun")
        {
            RefuseForeignBytes(information);
            SampleTable.Read(table, samples);
            fragments?.AppendTo(id, samples);
        }

        var entry = Entry(descriptions, kind == "soun");
        var edit = EditList.Read(track, movie_timescale, timescale);
        return new Mp4Track
        {
            Id = id,
            Handler = kind,
            Codec = entry.Codec,
            Timescale = timescale,
            Samples = samples.Build(),
            Width = kind == "vide" ? entry.First : 0,
            Height = kind == "vide" ? entry.Second : 0,
            Channels = kind == "soun" ? entry.First : 0,
            SampleRate = kind == "soun" ? entry.Second : 0,
            Rotation = RotationOf(header),
            EmptySeconds = edit.EmptySeconds,
            MediaStart = edit.MediaStart,
            MediaEnd = edit.MediaEnd,
            Complex = edit.Complex,
            Header = header.Whole.ToArray(),
            HandlerBox = handler.Whole.ToArray(),
            MediaHeader = MediaHeader(information),
            Descriptions = descriptions.Whole.ToArray(),
            Language = clock.U16(clock.Version == 1 ? 32 : 20),
        };
    }

    private static (string Codec, int First, int Second) Entry(Mp4Box descriptions, bool sound)
    {
        foreach (var entry in descriptions.Children(8))
        {
            if (entry.Type is "encv" or "enca" or "drmi" or "drms")
            {
                throw new UnsupportedMediaError("encrypted media", "The media is encrypted; give an unencrypted file.");
            }

            return entry.Content.Length >= 28 ? Shape(entry, sound) : (entry.Type, 0, 0);
        }

        return ("none", 0, 0);
    }

    // Pictures: width and height. Sound: channels and rate.
    private static (string Codec, int First, int Second) Shape(Mp4Box entry, bool sound) =>
        sound ? (entry.Type, AudioConfig.Channels(entry) ?? entry.U16(16), entry.U16(24)) : (entry.Type, entry.U16(24), entry.U16(26));

    private static void RefuseForeignBytes(Mp4Box information)
    {
        if (!information.TryChild("dinf", out var data) || !data.TryChild("dref", out var references))
        {
            return;
        }

        foreach (var reference in references.Children(8))
        {
            if ((reference.Flags & 1) == 0)
            {
                throw new UnsupportedMediaError("a movie whose samples lie in other files", "The movie refers to other files; give one self-contained file.");
            }
        }
    }

    private static byte[] MediaHeader(Mp4Box information)
    {
        foreach (var box in information.Children())
        {
            if (box.Type is "vmhd" or "smhd" or "nmhd" or "sthd" or "gmhd")
            {
                return box.Whole.ToArray();
            }
        }

        return [];
    }

    private static int RotationOf(Mp4Box header)
    {
        var at = header.Version == 1 ? 52 : 40;
        var (a, b, c, d) = (header.I32(at), header.I32(at + 4), header.I32(at + 12), header.I32(at + 16));
        return (Math.Sign(a), Math.Sign(b), Math.Sign(c), Math.Sign(d)) switch
        {
            (0, 1, -1, 0) => 90,
            (-1, 0, 0, -1) => 180,
            (0, -1, 1, 0) => 270,
            _ => 0,
        };
    }

    private Mp4Box Root()
    {
        foreach (var box in new Mp4Boxes(_movie))
        {
            return box;
        }

        throw new MediaDamagedError("it has an empty movie header");
    }
}

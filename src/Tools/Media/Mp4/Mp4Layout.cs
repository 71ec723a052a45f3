using System.Buffers.Binary;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>Where the top-level boxes lie. Reads the head of the file, follows the boxes by size and reads the movie box whole.</summary>
internal sealed class Mp4Layout
{
    private const int HeadBytes = 32 << 10;
    private const int FragmentBytes = 64 << 10;
    private const long MaxMovieBytes = 128L << 20;
    private const int MaxBoxes = 200_000;

    private long _afterMovie;

    public byte[] FileType { get; private set; } = [];

    /// <summary>The movie box, header included.</summary>
    public byte[] Movie { get; private set; } = [];

    public static async Task<Mp4Layout> ReadAsync(RangedSource source, CancellationToken cancellation)
    {
        var layout = new Mp4Layout();
        long at = 0;
        var window = new Window(source);
        var afterData = false;
        for (var boxes = 0; at <= source.Length - 8; boxes++)
        {
            // What follows the media data is nearly always the movie box, so it is taken in the same read.
            var ahead = afterData && source.Length - at <= MaxMovieBytes / 8 ? (int)(source.Length - at) : HeadBytes;
            var (type, size) = await HeaderAsync(window, at, ahead, boxes, cancellation).ConfigureAwait(false);
            if (type == "ftyp" && size <= 1024)
            {
                layout.FileType = await window.TakeAsync(at, (int)size, HeadBytes, cancellation).ConfigureAwait(false);
            }
            else if (type == "moov")
            {
                if (size > MaxMovieBytes)
                {
                    throw new LimitExceededError("movie_header_bytes", MaxMovieBytes, size);
                }

                layout.Movie = await window.TakeAsync(at, (int)size, (int)size, cancellation).ConfigureAwait(false);
                layout._afterMovie = at + size;
                return layout;
            }

            afterData = type == "mdat";
            at += size;
        }

        throw new MediaDamagedError("it has no movie header (moov); it was probably cut short");
    }

    /// <summary>Hands out every movie fragment box after the movie box, with its place in the file.</summary>
    public async Task WalkFragmentsAsync(RangedSource source, Action<byte[], long> fragment, CancellationToken cancellation)
    {
        var window = new Window(source);
        var boxes = 0;
        for (var at = _afterMovie; at <= source.Length - 8; boxes++)
        {
            var (type, size) = await HeaderAsync(window, at, FragmentBytes, boxes, cancellation).ConfigureAwait(false);
            if (type == "moof")
            {
                if (size > MaxMovieBytes)
                {
                    throw new LimitExceededError("movie_header_bytes", MaxMovieBytes, size);
                }

                fragment(await window.TakeAsync(at, (int)size, FragmentBytes, cancellation).ConfigureAwait(false), at);
            }

            at += size;
        }
    }

    private static async Task<(string Type, long Size)> HeaderAsync(Window window, long at, int ahead, int boxes, CancellationToken cancellation)
    {
        if (boxes > MaxBoxes)
        {
            throw new LimitExceededError("boxes", MaxBoxes, boxes);
        }

        var header = await window.TakeAsync(at, (int)Math.Min(16, window.Length - at), ahead, cancellation).ConfigureAwait(false);
        long size = BinaryPrimitives.ReadUInt32BigEndian(header);
        var type = Mp4Box.Name(header.AsSpan(4, 4));
        var least = 8;
        if (size == 1 && header.Length == 16)
        {
            (size, least) = (BinaryPrimitives.ReadInt64BigEndian(header.AsSpan(8)), 16);
        }
        else if (size == 0)
        {
            size = window.Length - at;
        }

        if (size < least)
        {
            throw new MediaDamagedError($"a box at byte {at} has the impossible size {size}");
        }

        if (size > window.Length - at)
        {
            throw new MediaDamagedError($"its box {Mp4Box.Shown(type)} needs {at + size} bytes but the file has {window.Length}; it was cut short");
        }

        return (type, size);
    }

    /// <summary>The last range read, so that neighbouring boxes cost one read.</summary>
    private sealed class Window(RangedSource source)
    {
        private long _start;
        private byte[] _content = [];

        public long Length => source.Length;

        public async Task<byte[]> TakeAsync(long at, int length, int ahead, CancellationToken cancellation)
        {
            var inside = at >= _start && at < _start + _content.Length ? (int)Math.Min(length, _start + _content.Length - at) : 0;
            if (inside == length)
            {
                return _content.AsSpan((int)(at - _start), length).ToArray();
            }

            var more = (int)Math.Min(Math.Max(length - inside, ahead), Length - at - inside);
            if (more < length - inside)
            {
                throw new MediaDamagedError("it was cut short");
            }

            var fresh = await source.ReadAsync(at + inside, more, cancellation).ConfigureAwait(false);
            byte[] taken = [.. _content.AsSpan((int)(at - _start) * (inside > 0 ? 1 : 0), inside), .. fresh.AsSpan(0, length - inside)];
            (_start, _content) = (at, [.. taken.AsSpan(0, inside), .. fresh]);
            return taken;
        }
    }
}

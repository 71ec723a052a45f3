using Pipeline.Tools.Media.Mp4;

namespace Pipeline.Tools.Media;

/// <summary>Parsed MP4 headers of the objects asked for last, so that a second cut of a file reads nothing but its segment.</summary>
public sealed class MovieCache
{
    private const int Kept = 64;
    private const long KeptBytes = 256L << 20;

    private readonly Dictionary<string, (Mp4Movie Movie, long SizeBytes, long Used)> _movies = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private long _clock;
    private long _bytes;

    /// <summary>The header of the object, or null when it is not held.</summary>
    public Mp4Movie? Find(string sha256)
    {
        lock (_gate)
        {
            if (!_movies.TryGetValue(sha256, out var held))
            {
                return null;
            }

            _movies[sha256] = held with { Used = ++_clock };
            return held.Movie;
        }
    }

    /// <summary>Holds a header, and lets go of those used longest ago.</summary>
    public void Keep(string sha256, Mp4Movie? movie)
    {
        if (movie is null)
        {
            return;
        }

        lock (_gate)
        {
            Drop(sha256);
            _movies[sha256] = (movie, movie.SizeBytes, ++_clock);
            _bytes += movie.SizeBytes;
            while (_movies.Count > 1 && (_movies.Count > Kept || _bytes > KeptBytes))
            {
                Drop(_movies.MinBy(pair => pair.Value.Used).Key);
            }
        }
    }

    private void Drop(string sha256)
    {
        if (_movies.Remove(sha256, out var held))
        {
            _bytes -= held.SizeBytes;
        }
    }
}

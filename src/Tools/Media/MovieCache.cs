using System.Collections.Concurrent;
using Pipeline.Tools.Media.Mp4;

namespace Pipeline.Tools.Media;

/// <summary>Parsed MP4 headers of the objects asked for last, so that a second cut of a file reads nothing but its segment.</summary>
public sealed class MovieCache
{
    private const int Kept = 64;

    private readonly ConcurrentDictionary<string, (Mp4Movie Movie, long Used)> _movies = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>The header of the object, or null when it is not held.</summary>
    public Mp4Movie? Find(string sha256)
    {
        if (!_movies.TryGetValue(sha256, out var held))
        {
            return null;
        }

        _movies[sha256] = (held.Movie, Interlocked.Increment(ref _clock));
        return held.Movie;
    }

    /// <summary>Holds a header, and lets go of those used longest ago.</summary>
    public void Keep(string sha256, Mp4Movie? movie)
    {
        if (movie is null)
        {
            return;
        }

        _movies[sha256] = (movie, Interlocked.Increment(ref _clock));
        foreach (var (old, _) in _movies.OrderBy(pair => pair.Value.Used).Take(_movies.Count - Kept))
        {
            _movies.TryRemove(old, out _);
        }
    }
}

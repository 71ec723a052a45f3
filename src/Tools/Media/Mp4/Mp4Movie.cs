namespace Pipeline.Tools.Media.Mp4;

/// <summary>A parsed MP4 or QuickTime file: its tracks and where their samples lie. Holds no media bytes.</summary>
public sealed class Mp4Movie
{
    public required IReadOnlyList<Mp4Track> Tracks { get; init; }

    /// <summary>True when the samples came from movie fragments.</summary>
    public bool Fragmented { get; init; }

    internal byte[] FileType { get; init; } = [];

    /// <summary>About how much memory it takes.</summary>
    public long SizeBytes => Tracks.Sum(track => 1024L + (track.Samples.Count * 27L) + track.Descriptions.Length + track.Header.Length + track.HandlerBox.Length + track.MediaHeader.Length);

    /// <summary>The first track with pictures to show, attached still pictures aside.</summary>
    public Mp4Track? Video => Tracks.FirstOrDefault(track => track.IsVideo && track.FirstShown is not null && (track.Samples.Count > 1 || Tracks.Count(other => other.IsVideo) == 1));

    public Mp4Track? Audio => Tracks.FirstOrDefault(track => track.IsAudio && track.FirstShown is not null);

    /// <summary>The presentation time of the first frame; every time given to or by a tool counts from here.</summary>
    public double OriginSeconds => (Video ?? Audio) is { } lead ? lead.Seconds(lead.Samples.Time(lead.FirstShown!.Value)) : 0;

    /// <summary>From the first frame to the end of the longest sound or picture track.</summary>
    public double DurationSeconds =>
        Tracks.Where(track => (track.IsVideo || track.IsAudio) && track.Samples.Count > 0).Select(track => track.EndSeconds).DefaultIfEmpty(OriginSeconds).Max() - OriginSeconds;

    /// <summary>Reads a file's structure: one or two ranged reads, and one per fragment for fragmented files.</summary>
    /// <exception cref="Errors.MediaDamagedError">Cut short, or it contradicts itself.</exception>
    /// <exception cref="Errors.UnsupportedMediaError">Encrypted, or its samples lie in other files.</exception>
    public static async Task<Mp4Movie> LoadAsync(RangedSource source, CancellationToken cancellation)
    {
        var layout = await Mp4Layout.ReadAsync(source, cancellation).ConfigureAwait(false);
        var budget = new SampleBudget(source.Length);
        var parser = new MovieParser(layout.Movie, source.Length, budget);
        var fragments = parser.HasFragments ? new FragmentParser(parser, source.Length, budget) : null;
        if (fragments is not null)
        {
            await layout.WalkFragmentsAsync(source, fragments.Add, cancellation).ConfigureAwait(false);
        }

        return new Mp4Movie { Tracks = parser.Tracks(fragments), Fragmented = fragments is not null, FileType = layout.FileType };
    }

    /// <summary>Checks that a range lies within the movie.</summary>
    /// <exception cref="Errors.InvalidRangeError">It does not.</exception>
    public void Check(double start_seconds, double end_seconds) => MediaRange.Check(start_seconds, end_seconds, DurationSeconds);
}

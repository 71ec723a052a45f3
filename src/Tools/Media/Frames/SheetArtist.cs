using System.Globalization;
using Pipeline.Tools.Media.Errors;
using Pipeline.Tools.Media.Mp4;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Media.Frames;

/// <summary>How a sheet is laid out.</summary>
public sealed record SheetRequest(int? Columns = null, double? EverySeconds = null, int TileWidth = 320);

/// <summary>The sheet, the times of its tiles in reading order, and whether they are drawn on it.</summary>
public sealed record SheetResult(string File, IReadOnlyList<IReadOnlyList<double>> TimesSeconds, int Columns, int Rows, bool TimesDrawn, long? BytesRead, long BytesWritten);

/// <summary>
/// Draws one picture of small frames with their times on them. From an MP4 only key frames are read, as a reel in which each keeps its own
/// time; where key frames are too sparse for the asked spacing the video is decoded.
/// </summary>
public sealed class SheetArtist(Ffmpeg ffmpeg, Prober prober)
{
    /// <summary>The most tiles on a sheet.</summary>
    public const int MaxTiles = 100;

    private const int MostColumns = 20;
    private const int UsualTiles = 16;

    public async Task<SheetResult> DrawAsync(IReadOnlyList<MediaFile> media, SheetRequest request, WorkFolder job, string output, CancellationToken cancellation)
    {
        Check(media.Count, request);
        var font = Fonts.Find() is { } found && await ffmpeg.HasFilterAsync(job, "drawtext", cancellation).ConfigureAwait(false) ? found : null;
        var reels = new List<Reel>();
        try
        {
            foreach (var file in media)
            {
                reels.Add(await ReelAsync(file, request, job, reels.Count, media.Count, cancellation).ConfigureAwait(false));
            }

            var tiles = reels.Sum(reel => reel.Times.Count);
            var columns = Math.Min(tiles, request.Columns ?? (int)Math.Ceiling(Math.Sqrt(tiles)));
            var rows = (tiles + columns - 1) / columns;
            var result = await ffmpeg.RunAsync(job, new FfmpegCall([.. reels.Select(reel => reel.Input)], Arguments(reels, request, font, columns, rows, output)), cancellation).ConfigureAwait(false);
            var read = reels.TrueForAll(reel => reel.BytesRead is not null) ? reels.Sum(reel => reel.BytesRead) : result.BytesRead;
            return new SheetResult(output, [.. reels.Select(reel => reel.Times)], columns, rows, font is not null, read, new FileInfo(job.File(output)).Length);
        }
        finally
        {
            reels.ForEach(reel => reel.Release?.Dispose());
        }
    }

    private static void Check(int sources, SheetRequest request)
    {
        var wrong = sources is 0 or > MaxTiles ? ("assets", $"give 1 to {MaxTiles} of them.")
            : request.Columns is < 1 or > MostColumns ? ("columns", $"it is 1 to {MostColumns}.")
            : request.EverySeconds is not (null or (>= 0.04 and <= 86400)) ? ("every_seconds", "it is 0.04 to 86400.")
            : request.TileWidth is < 64 or > 1024 ? ("tile_width", "it is 64 to 1024.")
            : ((string Option, string Right)?)null;
        if (wrong is { } found)
        {
            throw new InvalidMediaOptionError(found.Option, found.Right);
        }
    }

    private async Task<Reel> ReelAsync(MediaFile media, SheetRequest request, WorkFolder job, int index, int sources, CancellationToken cancellation)
    {
        var (most, usual) = (Math.Max(1, MaxTiles / sources), sources == 1 ? UsualTiles : 4);
        var facts = await prober.ProbeAsync(media, job, cancellation).ConfigureAwait(false);
        var picture = facts.Video() ?? throw new NotSupportedByMediaError(
            "pictures", $"{(sources == 1 ? "The media" : $"The one at assets[{index}]")} has no pictures. Give a video or an image.");
        var length = Math.Max(0.001, picture.DurationSeconds ?? facts.DurationSeconds ?? 0);
        // No more tiles than frames, and of a still one: what is drawn and what is told must not part.
        var frames = picture.Fps is { } fps ? Math.Max(1, (int)Math.Min(MaxTiles, Math.Round(length * fps))) : MaxTiles;
        var every = request.EverySeconds ?? (length / (length > 0.001 ? Math.Min(usual, frames) : 1));
        var wanted = Enumerable.Range(0, Math.Max(1, (int)Math.Min(most + 1, Math.Ceiling((length / every) - 0.05)))).Select(n => n * every).ToList();
        if (wanted.Count > most)
        {
            throw new LimitExceededError("tiles", most, length / every);
        }

        if (media.Movie is { } movie && CutSelection.Keys(movie, wanted) is { } keys && keys.Tracks[0].Samples.Length == wanted.Count)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"reel-{index}.mp4");
            var before = media.Source.BytesRead;
            await using (var file = new FileStream(job.File(name), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.Asynchronous))
            {
                await Mp4Cut.WriteAsync(movie, media.Source, keys, file, cancellation).ConfigureAwait(false);
            }

            var track = keys.Tracks[0];
            var times = track.Samples.Select(sample => Math.Round(track.Track.Seconds(track.Track.Samples.Time(sample)) - movie.OriginSeconds, 3)).ToList();
            return new Reel(new FfmpegInput(job.File(name), "mov"), times, every, times[0], true, media.Source.BytesRead - before, null);
        }

        var local = await media.LocalAsync(cancellation).ConfigureAwait(false);
        return new Reel(new FfmpegInput(local.Path, media.Kind.Demuxer), wanted, every, 0, false, null, local);
    }

    private static List<string> Arguments(List<Reel> reels, SheetRequest request, string? font, int columns, int rows, string output)
    {
        var tileHeight = request.TileWidth * 9 / 16 / 2 * 2;
        var graph = new List<string>();
        for (var n = 0; n < reels.Count; n++)
        {
            var reel = reels[n];
            var pick = reel.Picked ? "" : string.Create(CultureInfo.InvariantCulture, $"select='isnan(prev_selected_t)+gte(t\\,selected_n*{reel.Every:0.######}-0.0005)',");
            var text = font is null
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $",drawtext=fontfile={font}:text='%{{pts\\:hms\\:{reel.Offset:0.###}}}':fontsize={tileHeight / 10}:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=4:x=6:y=h-th-8");
            graph.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"[{n}:v:0]{pick}trim=end_frame={reel.Times.Count},scale={request.TileWidth}:{tileHeight}:force_original_aspect_ratio=decrease:flags=area,pad={request.TileWidth}:{tileHeight}:(ow-iw)/2:(oh-ih)/2,setsar=1{text}[t{n}]"));
        }

        graph.Add(string.Concat(Enumerable.Range(0, reels.Count).Select(n => $"[t{n}]")) + string.Create(CultureInfo.InvariantCulture, $"concat=n={reels.Count}:v=1,tile={columns}x{rows}:padding=4:margin=4,format=yuvj420p[sheet]"));
        return ["-filter_complex", string.Join(';', graph), "-map", "[sheet]", "-vsync", "passthrough", "-frames:v", "1", "-c:v", "mjpeg", "-q:v", "3", "-f", "image2", "-update", "1", output];
    }

    private sealed record Reel(FfmpegInput Input, IReadOnlyList<double> Times, double Every, double Offset, bool Picked, long? BytesRead, IDisposable? Release);
}

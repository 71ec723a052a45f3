using System.Buffers;

namespace Pipeline.Tools.Media.Mp4;

/// <summary>What a cut holds and what it took.</summary>
public sealed record CutResult
{
    /// <summary>The first sample in the file, hidden behind the edit list or not: the key frame at or before the request.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>The end of the last frame.</summary>
    public required double EndSeconds { get; init; }

    /// <summary>Where players that honour edit lists begin.</summary>
    public required double ShownSeconds { get; init; }

    public required double RequestedStartSeconds { get; init; }

    public required double RequestedEndSeconds { get; init; }

    /// <summary><c>remux</c>, <c>reencode</c>, <c>ffmpeg_copy</c> or <c>ffmpeg_reencode</c>.</summary>
    public required string Method { get; init; }

    /// <summary>True when the file holds no frame outside <see cref="ShownSeconds"/> to <see cref="EndSeconds"/>.</summary>
    public required bool Exact { get; init; }

    /// <summary>Bytes read from the source, counted as they were read; null when it could not be counted.</summary>
    public required long? BytesRead { get; init; }

    public required long BytesWritten { get; init; }
}

/// <summary>Cuts MP4 without decoding: the chosen samples' bytes behind a new movie box, playable from the start.</summary>
public static class Mp4Cut
{
    private const int CopyBytes = 1 << 18;

    /// <summary>Writes [start, end) from the key frame at or before it; an edit list shows only the wanted frames.</summary>
    public static async Task<CutResult> FastAsync(Mp4Movie movie, RangedSource source, double start_seconds, double end_seconds, Stream output, CancellationToken cancellation, bool sound = true)
    {
        var selection = CutSelection.Range(movie, start_seconds, end_seconds, sound);
        var before = source.BytesRead;
        var written = await WriteAsync(movie, source, selection, output, cancellation).ConfigureAwait(false);
        return new CutResult
        {
            StartSeconds = Math.Max(0, selection.StartSeconds),
            EndSeconds = selection.EndSeconds,
            ShownSeconds = selection.ShownSeconds,
            RequestedStartSeconds = start_seconds,
            RequestedEndSeconds = end_seconds,
            Method = "remux",
            Exact = selection.Exact,
            BytesRead = source.BytesRead - before,
            BytesWritten = written,
        };
    }

    /// <summary>Writes a selection and returns the size of what was written.</summary>
    public static async Task<long> WriteAsync(Mp4Movie movie, RangedSource source, CutSelection selection, Stream output, CancellationToken cancellation)
    {
        selection = await selection.MarkedAsync(source, cancellation).ConfigureAwait(false);
        var plan = CopyPlan.For(selection, source.Length);
        var header = new CutHeader(movie, selection, plan).Build();
        await output.WriteAsync(header, cancellation).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            foreach (var read in plan.Reads)
            {
                await CopyAsync(source, read, output, buffer, cancellation).ConfigureAwait(false);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        return header.Length + plan.Bytes;
    }

    private static async Task CopyAsync(RangedSource source, CopyRead read, Stream output, byte[] buffer, CancellationToken cancellation)
    {
        await using var range = await source.OpenAsync(read.Start, read.Length, cancellation).ConfigureAwait(false);
        var at = read.Start;
        foreach (var (start, length, mark) in read.Wanted)
        {
            for (; at < start; at += Math.Min(buffer.Length, start - at))
            {
                await range.FillAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, start - at)), cancellation).ConfigureAwait(false);
            }

            await output.WriteAsync(mark, cancellation).ConfigureAwait(false);
            for (var end = start + length; at < end;)
            {
                var part = buffer.AsMemory(0, (int)Math.Min(buffer.Length, end - at));
                await range.FillAsync(part, cancellation).ConfigureAwait(false);
                await output.WriteAsync(part, cancellation).ConfigureAwait(false);
                at += part.Length;
            }
        }
    }
}

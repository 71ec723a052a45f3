using System.Globalization;
using System.Text;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Programs;

/// <summary>
/// Runs ffmpeg and ffprobe: argument lists only, demuxers forced, no protocol but files, inside the box, within bounds on time, bytes,
/// memory, pixels and streams, the whole process group killed when one is passed or the caller cancels.
/// </summary>
/// <param name="options">The bounds.</param>
/// <param name="time">Counts budgets.</param>
/// <param name="box">What to stand around the programs; without it, the best that works here.</param>
public sealed class Ffmpeg(FfmpegOptions options, TimeProvider time, Box? box = null)
{
    private const int MaxProbeChars = 1 << 20;
    private const long MaxAllocation = 1 << 30;

    private readonly BoxedProgram _boxed = new(options, time, box);
    private HashSet<string>? _filters;
    private HashSet<string>? _encoders;

    /// <summary>The bounds in force.</summary>
    public FfmpegOptions Options => options;

    /// <summary>Runs a call to its end.</summary>
    /// <exception cref="FfmpegMissingError">ffmpeg is not installed.</exception>
    /// <exception cref="FfmpegFailedError">It ended with an error.</exception>
    /// <exception cref="LimitExceededError">Time or size ran out; nothing it wrote is to be used.</exception>
    public async Task<FfmpegResult> RunAsync(WorkFolder job, FfmpegCall call, CancellationToken cancellation)
    {
        var limit = Math.Min(call.MaxOutputBytes ?? long.MaxValue, options.MaxOutputBytes);
        List<string> arguments = ["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+verbose", "-progress", "pipe:1", "-max_alloc", Number(MaxAllocation), "-filter_threads", Number(options.Threads), "-y"];
        arguments.AddRange(call.Inputs.SelectMany(input => input.Arguments(options)));
        arguments.AddRange(call.Arguments);
        var files = call.Inputs.Where(input => input.IsFile).Select(input => Path.GetFullPath(input.Source)).ToList();
        var log = new FfmpegLog(job.Path, files, call.OnLine);
        var progress = new FfmpegProgress(call.ExpectedSeconds, call.Progress);
        var budget = Math.Min(call.BudgetSeconds ?? double.MaxValue, options.BudgetSeconds);
        var exit = await _boxed.RunAsync(job, options.Ffmpeg, arguments, files, new(limit, budget), progress.Add, log.Add, cancellation).ConfigureAwait(false);
        if (exit != 0)
        {
            throw job.SizeBytes() >= limit ? new LimitExceededError("output_bytes", limit, progress.WrittenBytes) : new FfmpegFailedError(exit, log.Tail);
        }

        return new FfmpegResult(log.BytesRead, log.BytesWritten);
    }

    /// <summary>Runs ffprobe on a file and returns what it printed.</summary>
    public async Task<string> ProbeAsync(WorkFolder job, FfmpegInput input, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var printed = new StringBuilder();
        await ProbeLinesAsync(job, input, arguments, Add, cancellation).ConfigureAwait(false);
        return printed.ToString();

        void Add(string line)
        {
            if (printed.Length + line.Length > MaxProbeChars)
            {
                throw new LimitExceededError("probe_chars", MaxProbeChars, null);
            }

            printed.Append(line).Append('\n');
        }
    }

    /// <summary>Runs ffprobe on a file and hands out its lines as they come.</summary>
    public async Task ProbeLinesAsync(WorkFolder job, FfmpegInput input, IReadOnlyList<string> arguments, Action<string> onLine, CancellationToken cancellation)
    {
        var source = input.Arguments(options).ToList();
        var file = Path.GetFullPath(input.Source);
        var log = new FfmpegLog(job.Path, [file], null);
        List<string> all = ["-hide_banner", "-loglevel", "level+error", "-max_alloc", Number(MaxAllocation), .. arguments, .. source];
        var exit = await _boxed.RunAsync(job, options.Ffprobe, all, [file], Looking, onLine, log.Add, cancellation).ConfigureAwait(false);
        if (exit != 0)
        {
            throw new FfmpegFailedError(exit, log.Tail);
        }
    }

    /// <summary>What the two programs say of their version.</summary>
    /// <exception cref="FfmpegMissingError">One is not installed.</exception>
    public async Task<(string Ffmpeg, string Ffprobe)> VersionsAsync(WorkFolder job, CancellationToken cancellation) =>
        (await VersionAsync(job, options.Ffmpeg, cancellation).ConfigureAwait(false), await VersionAsync(job, options.Ffprobe, cancellation).ConfigureAwait(false));

    /// <summary>True when this ffmpeg has the filter.</summary>
    public async Task<bool> HasFilterAsync(WorkFolder job, string filter, CancellationToken cancellation) =>
        (_filters ??= await NamesAsync(job, "-filters", cancellation).ConfigureAwait(false)).Contains(filter);

    /// <summary>True when this ffmpeg has the encoder.</summary>
    public async Task<bool> HasEncoderAsync(WorkFolder job, string encoder, CancellationToken cancellation) =>
        (_encoders ??= await NamesAsync(job, "-encoders", cancellation).ConfigureAwait(false)).Contains(encoder);

    /// <summary>Throws when a filter is not built into this ffmpeg.</summary>
    /// <exception cref="NotSupportedByMediaError">It is not there.</exception>
    public async Task NeedFiltersAsync(WorkFolder job, CancellationToken cancellation, params IReadOnlyList<string> filters)
    {
        foreach (var filter in filters)
        {
            if (!await HasFilterAsync(job, filter, cancellation).ConfigureAwait(false))
            {
                throw new NotSupportedByMediaError(filter, $"This ffmpeg was built without the filter {filter}. Install the distribution's full ffmpeg package.");
            }
        }
    }

    /// <summary>What stands around ffmpeg here; found out at the first use, by trying it.</summary>
    public Task<Box> BoxAsync(WorkFolder job, CancellationToken cancellation) => _boxed.BoxAsync(job, cancellation);

    private BoxedProgram.Limits Looking => new(options.MaxOutputBytes, Math.Min(options.ProbeSeconds, options.BudgetSeconds));

    private async Task<string> VersionAsync(WorkFolder job, string program, CancellationToken cancellation)
    {
        var lines = new List<string>();
        await _boxed.RunAsync(job, program, ["-version"], [], Looking, lines.Add, _ => { }, cancellation).ConfigureAwait(false);
        return lines.FirstOrDefault()?.Split(' ') is [_, "version", var version, ..] ? version : "unknown";
    }

    private async Task<HashSet<string>> NamesAsync(WorkFolder job, string list, CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await _boxed.RunAsync(job, options.Ffmpeg, ["-hide_banner", "-loglevel", "error", list], [], Looking, Add, _ => { }, cancellation).ConfigureAwait(false);
        return names;

        void Add(string line)
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length > 1)
            {
                names.Add(words[1]);
            }
        }
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

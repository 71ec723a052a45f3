using System.Globalization;
using System.Text;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Programs;

/// <summary>
/// Runs ffmpeg and ffprobe: argument lists only, demuxers forced, no protocol but files, inside the box, within bounds on time, bytes,
/// memory, pixels and streams, the whole process group killed when one is passed or the caller cancels.
/// </summary>
public sealed class Ffmpeg(FfmpegOptions options, TimeProvider time)
{
    private const int MaxProbeChars = 16 << 20;
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);

    private Box? _box;
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
        List<string> arguments = ["-nostdin", "-hide_banner", "-nostats", "-loglevel", "level+verbose", "-progress", "pipe:1", "-max_alloc", "2000000000", "-filter_threads", Number(options.Threads), "-y"];
        arguments.AddRange(call.Inputs.SelectMany(input => input.Arguments(options)));
        arguments.AddRange(call.Arguments);
        var files = call.Inputs.Where(input => input.IsFile).Select(input => Path.GetFullPath(input.Source)).ToList();
        var log = new FfmpegLog(job.Path, files, call.OnLine);
        var progress = new FfmpegProgress(call.ExpectedSeconds, call.Progress);
        var budget = Math.Min(call.BudgetSeconds ?? double.MaxValue, options.BudgetSeconds);
        var exit = await GuardedAsync(job, options.Ffmpeg, arguments, files, limit, budget, progress.Add, log.Add, cancellation).ConfigureAwait(false);
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
        List<string> all = ["-hide_banner", "-loglevel", "level+error", .. arguments, .. source];
        var exit = await GuardedAsync(job, options.Ffprobe, all, [file], options.MaxOutputBytes, options.BudgetSeconds, onLine, log.Add, cancellation).ConfigureAwait(false);
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
    public async Task<Box> BoxAsync(WorkFolder job, CancellationToken cancellation) =>
        _box ??= await TryBoxAsync(job, cancellation).ConfigureAwait(false);

    private async Task<Box> TryBoxAsync(WorkFolder job, CancellationToken cancellation)
    {
        if (!options.UseBox)
        {
            return Box.None("switched off in the options");
        }

        if (!OperatingSystem.IsLinux() || ChildProcess.Find("bwrap") is not { } bubblewrap)
        {
            return Box.None(OperatingSystem.IsLinux() ? "bubblewrap is not installed (Debian: apt-get install bubblewrap)" : "bubblewrap needs Linux");
        }

        var box = Box.Bubblewrap(bubblewrap);
        List<string> command = [.. box.Wrap(Program(options.Ffmpeg), job.Path, []), "-version"];
        var exit = await ChildProcess.RunAsync(command, job.Path, _ => { }, _ => { }, cancellation).ConfigureAwait(false);
        return exit == 0 ? box : Box.None("bubblewrap is installed but may not make namespaces here");
    }

    private async Task<string> VersionAsync(WorkFolder job, string program, CancellationToken cancellation)
    {
        var lines = new List<string>();
        await GuardedAsync(job, program, ["-version"], [], options.MaxOutputBytes, options.BudgetSeconds, lines.Add, _ => { }, cancellation).ConfigureAwait(false);
        return lines.FirstOrDefault()?.Split(' ') is [_, "version", var version, ..] ? version : "unknown";
    }

    private async Task<int> GuardedAsync(
        WorkFolder job, string program, List<string> arguments, List<string> inputs, long limit_bytes, double budget_seconds, Action<string> output, Action<string> error, CancellationToken cancellation)
    {
        var path = Program(program);
        var box = await BoxAsync(job, cancellation).ConfigureAwait(false);
        List<string> command = [.. Bounds(limit_bytes, budget_seconds), .. box.Wrap(path, job.Path, inputs), .. arguments];
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(budget_seconds), time);
        using var full = new CancellationTokenSource();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token, full.Token);
        var before = job.SizeBytes();
        await using var watch = time.CreateTimer(
            _ =>
            {
                if (job.SizeBytes() - before > limit_bytes)
                {
                    full.Cancel();
                }
            },
            null,
            WatchEvery,
            WatchEvery);
        try
        {
            return await ChildProcess.RunAsync(command, job.Path, output, error, any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw full.IsCancellationRequested
                ? new LimitExceededError("output_bytes", limit_bytes, job.SizeBytes() - before)
                : new LimitExceededError("budget_seconds", budget_seconds, null);
        }
    }

    // The kernel's own bounds stand behind ours: they also hold when this process dies and leaves the child alone.
    private List<string> Bounds(long limit_bytes, double budget_seconds) =>
        OperatingSystem.IsLinux() && ChildProcess.Find("prlimit") is { } prlimit
            ? [prlimit, "--core=0", "--fsize=" + Number(limit_bytes), "--as=" + Number(options.MaxMemoryBytes), "--cpu=" + Number((long)Math.Ceiling(budget_seconds * Environment.ProcessorCount)), "--"]
            : [];

    private async Task<HashSet<string>> NamesAsync(WorkFolder job, string list, CancellationToken cancellation)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        await GuardedAsync(job, options.Ffmpeg, ["-hide_banner", "-loglevel", "error", list], [], options.MaxOutputBytes, options.BudgetSeconds, Add, _ => { }, cancellation).ConfigureAwait(false);
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

    private static string Program(string name) => ChildProcess.Find(name) ?? throw new FfmpegMissingError(name);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

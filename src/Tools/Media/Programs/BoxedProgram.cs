using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Pipeline.Storage;
using Pipeline.Tools.Media.Errors;

namespace Pipeline.Tools.Media.Programs;

/// <summary>
/// Runs one program inside the box and within the bounds: time that is counted over the whole job, bytes in the job's folder, memory,
/// processor time and open files by the kernel, low priority, and only so many programs at once.
/// </summary>
internal sealed class BoxedProgram(FfmpegOptions options, TimeProvider time, Box? box)
{
    private const int OpenFiles = 1024;

    private static readonly Histogram<double> ProgramSeconds = Tracing.Meter.CreateHistogram<double>("pipeline.program.duration", "s", "Runs of ffmpeg and ffprobe; no exit code when one was cut off");
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);

    // Probing has a lane of its own, so that long work never holds up a look at a file.
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _lanes = new(StringComparer.Ordinal);
    private Box? _box = box;

    /// <summary>What stands around programs here; found out at the first use, by trying it.</summary>
    public async Task<Box> BoxAsync(WorkFolder job, CancellationToken cancellation) =>
        _box ??= await Box.FindAsync(Path(options.Ffmpeg), job.Path, cancellation).ConfigureAwait(false);

    /// <summary>Runs to the end.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="LimitExceededError">Time or size ran out.</exception>
    public async Task<int> RunAsync(
        WorkFolder job, string program, List<string> arguments, List<string> inputs, Limits limits, Action<string> output, Action<string> error, CancellationToken cancellation)
    {
        var path = Path(program);
        var walls = await BoxAsync(job, cancellation).ConfigureAwait(false);
        var lane = _lanes.GetOrAdd(program, _ => new SemaphoreSlim(options.AtOnce));
        await lane.WaitAsync(cancellation).ConfigureAwait(false);
        var name = System.IO.Path.GetFileNameWithoutExtension(path);
        using var span = Tracing.Source.StartActivity(name);
        var started = time.GetTimestamp();
        var exit = (int?)null;
        try
        {
            var left = Math.Min(limits.Seconds, options.BudgetSeconds - job.Spent.TotalSeconds);
            if (left <= 0)
            {
                throw new LimitExceededError("budget_seconds", options.BudgetSeconds, job.Spent.TotalSeconds);
            }

            List<string> command = [.. Bounds(limits.Bytes, left), .. walls.Wrap(path, job.Path, inputs), .. arguments];
            exit = await WatchedAsync(job, command, limits.Bytes, left, output, error, cancellation).ConfigureAwait(false);
            return exit.Value;
        }
        finally
        {
            var took = time.GetElapsedTime(started);
            job.Spend(took);
            lane.Release();
            span?.SetTag("process.exit.code", exit).SetStatus(exit == 0 ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
            ProgramSeconds.Record(took.TotalSeconds, new("process.executable.name", name), new("process.exit.code", exit));
        }
    }

    private async Task<int> WatchedAsync(WorkFolder job, List<string> command, long limit_bytes, double left_seconds, Action<string> output, Action<string> error, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(left_seconds), time);
        using var full = new CancellationTokenSource();
        using var any = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token, full.Token);
        var before = job.SizeBytes();
        await using var watch = time.CreateTimer(
            _ =>
            {
                if (job.SizeBytes() is var size && (size - before > limit_bytes || size > options.MaxOutputBytes))
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
                : new LimitExceededError("budget_seconds", left_seconds, null);
        }
    }

    // The kernel's own bounds stand behind ours.
    private List<string> Bounds(long limit_bytes, double seconds)
    {
        if (!OperatingSystem.IsLinux())
        {
            return [];
        }

        List<string> bounds = ChildProcess.Find("nice") is { } nice ? [nice, "-n", "10"] : [];
        if (ChildProcess.Find("prlimit") is { } prlimit)
        {
            bounds.AddRange(
            [
                prlimit, "--core=0", "--fsize=" + Number(limit_bytes), "--as=" + Number(options.MaxMemoryBytes), "--nofile=" + Number(OpenFiles), "--memlock=0",
                "--cpu=" + Number((long)Math.Ceiling(seconds * Environment.ProcessorCount) + 1), "--",
            ]);
        }

        return bounds;
    }

    private static string Path(string name) => ChildProcess.Find(name) ?? throw new FfmpegMissingError(name);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>What this one run may take.</summary>
    internal readonly record struct Limits(long Bytes, double Seconds);
}

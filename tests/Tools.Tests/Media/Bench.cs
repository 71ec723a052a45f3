using Pipeline.Tools.Media;
using Pipeline.Tools.Media.Cut;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Tests.Media;

/// <summary>The media tools over one job folder, as a call has them.</summary>
internal sealed class Bench(Samples samples) : IDisposable
{
    public Ffmpeg Ffmpeg { get; } = new(new FfmpegOptions(), TimeProvider.System);

    public WorkFolder Job { get; } = WorkFolder.Create(samples.Folder, "job-" + Guid.NewGuid().ToString("N"));

    public Prober Prober => new(Ffmpeg);

    public Cutter Cutter => new(Ffmpeg, Prober);

    public static Task<MediaFile> OpenAsync(string file) => MediaFile.OpenAsync(file, TestContext.Current.CancellationToken);

    public void Dispose() => Job.Dispose();
}

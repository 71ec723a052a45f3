using Microsoft.Extensions.DependencyInjection;
using Pipeline.Tools.Media;
using Pipeline.Tools.Media.Analyze;
using Pipeline.Tools.Media.Compose;
using Pipeline.Tools.Media.Cut;
using Pipeline.Tools.Media.Frames;
using Pipeline.Tools.Media.Probe;
using Pipeline.Tools.Media.Programs;
using Pipeline.Tools.Media.Recipes;

namespace Pipeline.Tools;

internal static class MediaSlice
{
    public static IServiceCollection AddMedia(this IServiceCollection services) => services
        .AddSingleton(new FfmpegOptions())
        .AddSingleton<Ffmpeg>()
        .AddSingleton<Prober>()
        .AddSingleton<Cutter>()
        .AddSingleton<FrameGrabber>()
        .AddSingleton<SheetArtist>()
        .AddSingleton<Analyzer>()
        .AddSingleton<Transformer>()
        .AddSingleton<Speaker>()
        .AddSingleton<Composer>()
        .AddSingleton<MovieCache>()
        .AddScoped<MediaDesk>()
        .AddTool<ProbeMedia>()
        .AddTool<ExtractSegment>()
        .AddTool<ExtractFrames>()
        .AddTool<ContactSheet>()
        .AddTool<AnalyzeMedia>()
        .AddTool<TransformMedia>()
        .AddTool<ComposeMedia>();
}

using Pipeline.Tools.Generation.Providers;
using Pipeline.Tools.Media.Programs;

namespace Pipeline.Tools.Generation.Local;

/// <summary>Something this machine makes by itself with ffmpeg.</summary>
internal interface ILocalModel
{
    /// <summary>The card's id.</summary>
    string Model { get; }

    /// <summary>Makes it and returns the file's name in the job's folder. Bad parameters are refused as tools refuse them.</summary>
    Task<string> MakeAsync(ProviderCall call, WorkFolder job, CancellationToken cancellation);
}

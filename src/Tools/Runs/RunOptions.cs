using System.ComponentModel.DataAnnotations;

namespace Pipeline.Tools.Runs;

/// <summary>How runs are looked after.</summary>
public sealed record RunOptions
{
    /// <summary>How long what a run made on its way stays after its end, where its plan does not say.</summary>
    /// <value>24 hours</value>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan IntermediatesKept { get; init; } = TimeSpan.FromHours(24);
}

using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Pipeline.Storage;

/// <summary>Where the product's own spans and measurements come from; who listens, if anyone, is the process's business.</summary>
/// <remarks>Spans and units follow OpenTelemetry's semantic conventions: durations in seconds, sizes in bytes, dots in names.</remarks>
public static class Tracing
{
    /// <summary>The name of the source of spans and of the meter.</summary>
    public const string Name = "Pipeline";

    /// <summary>Spans.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>Measurements.</summary>
    public static Meter Meter { get; } = new(Name);
}

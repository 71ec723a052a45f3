namespace Pipeline.Bench.Loads;

/// <summary>What one load measured.</summary>
/// <param name="Callers">At once.</param>
/// <param name="Operations">Done in the measured time.</param>
/// <param name="WallSeconds">The measured time.</param>
/// <param name="ServerCpuSeconds">Processor time that the server used meanwhile; 0 when it was not taken.</param>
/// <param name="P50Milliseconds">Half of the operations took no longer.</param>
/// <param name="P99Milliseconds">All but one in a hundred took no longer.</param>
internal sealed record LoadResult(int Callers, int Operations, double WallSeconds, double ServerCpuSeconds, double P50Milliseconds, double P99Milliseconds)
{
    /// <summary>Processor time that the database server used meanwhile; null when there is none beside us.</summary>
    public double? DatabaseCpuSeconds { get; init; }

    /// <summary>Nineteen of twenty operations took no longer; null when it was not worked out.</summary>
    public double? P95Milliseconds { get; init; }

    /// <summary>Processor time of the server for one operation.</summary>
    public double? ServerMicrosecondsEach => ServerCpuSeconds > 0 ? ServerCpuSeconds / Operations * 1e6 : null;

    /// <summary>Processor time of the database server for one operation.</summary>
    public double? DatabaseMicrosecondsEach => DatabaseCpuSeconds / Operations * 1e6;

    public double PerSecond => Operations / WallSeconds;

    /// <summary>What one core would do if the server had it to itself.</summary>
    public double? PerServerCore => ServerCpuSeconds > 0 ? Operations / ServerCpuSeconds : null;
}

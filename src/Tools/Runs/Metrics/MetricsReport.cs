namespace Pipeline.Tools.Runs.Metrics;

/// <summary>How work went over a stretch of time.</summary>
/// <param name="Capabilities">Latency of the steps that were done, by capability.</param>
/// <param name="Models">The same by model.</param>
/// <param name="Workers">Each from its first claim in the stretch to its end.</param>
/// <param name="Pools">Workers that did the same set of capabilities.</param>
/// <param name="Buckets">The same over time, when asked for.</param>
/// <param name="Estimate">For a run: what was expected of it.</param>
public sealed record MetricsReport(
    DateTimeOffset From, DateTimeOffset To, MetricsTotal Total, IReadOnlyList<LatencyLine> Capabilities, IReadOnlyList<LatencyLine> Models, IReadOnlyList<WorkerLine> Workers,
    IReadOnlyList<PoolLine> Pools, IReadOnlyList<MetricsBucket>? Buckets, EstimateLine? Estimate);

/// <summary>Throughput and cost.</summary>
/// <param name="Steps">Done.</param>
/// <param name="Failed">Claims that ended otherwise.</param>
/// <param name="MediaSeconds">Finished media of runs that ended.</param>
/// <param name="CostMicros">Every charge.</param>
/// <param name="CostPerMinuteMicros">Of finished media; absent while there is none.</param>
public sealed record MetricsTotal(
    int Steps, int Failed, double? StepsPerMinute, double MediaSeconds, double? MediaSecondsPerMinute, long CostMicros, long? CostPerMinuteMicros);

/// <summary>Latency from claim to result.</summary>
public sealed record LatencyLine(string Name, int Steps, double P50Seconds, double P95Seconds);

/// <summary>One worker.</summary>
public sealed record WorkerLine(string Worker, IReadOnlyList<string> Capabilities, int Claims, double BusySeconds, double BusyShare, double IdleShare);

/// <summary>Workers that did the same set of capabilities.</summary>
public sealed record PoolLine(IReadOnlyList<string> Capabilities, int Workers, double BusyShare, double IdleShare);

/// <summary>One bucket.</summary>
public sealed record MetricsBucket(
    DateTimeOffset From, int Steps, int Failed, double MediaSeconds, long CostMicros, double? P50Seconds, double? P95Seconds, double BusyShare);

/// <summary>Expected against what came, so far or in the end.</summary>
/// <param name="SecondsOff">How far the run's seconds are from the expected, as a share of the expected; 0.1 is ten per cent longer.</param>
/// <param name="CostOff">The same of its cost; absent when nothing was expected to cost anything.</param>
public sealed record EstimateLine(bool Final, double EstimatedSeconds, double Seconds, double? SecondsOff, long EstimatedCostMicros, long CostMicros, double? CostOff);

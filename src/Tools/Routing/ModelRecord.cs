namespace Pipeline.Tools.Routing;

/// <summary>How a model did, so that its share can be moved.</summary>
/// <param name="Calls">Calls, or claims of workers that named it where no call was made here.</param>
/// <param name="SuccessShare">0 to 1.</param>
/// <param name="MedianQuality">Measured of accepted results, 0 to 1.</param>
/// <param name="MeanCostMicros">Of a charge.</param>
/// <param name="CostMicros">All charges.</param>
public sealed record ModelRecord(
    string Model, int Calls, double? SuccessShare, double? MedianQuality, int Accepted, long CostMicros, long? MeanCostMicros, double? MedianLatencySeconds);

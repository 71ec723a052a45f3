using Pipeline.Storage.State;

namespace Pipeline.Tools.Costs;

/// <summary>Tells how much finished media came of the money. Declared here for reports; runs answer it.</summary>
public interface IDeliveredMedia
{
    /// <summary>Seconds of media that ended runs delivered; of one run, or of a whole workspace.</summary>
    ValueTask<double> SecondsAsync(IQuery query, string workspace, string? runId);
}

namespace Pipeline.Tools.Routing;

/// <summary>How busy a model is.</summary>
/// <param name="InFlight">Calls under way.</param>
/// <param name="Limit">How many it may have, as seen by the capability that asks: slots kept for others are not among them.</param>
public sealed record PoolLoad(int InFlight, int Limit)
{
    public bool IsFull => InFlight >= Limit;
}

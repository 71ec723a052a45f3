namespace Pipeline.Tools.Routing;

/// <summary>A model that may do some shots a second time, unseen, to be compared.</summary>
/// <param name="Model">Its id.</param>
/// <param name="Share">Of shots, 0 to 1.</param>
/// <param name="LeftMicros">What is left of the budget that is its own.</param>
public sealed record ShadowOffer(string Model, double Share, long LeftMicros);

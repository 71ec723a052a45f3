namespace Pipeline.Tools.Routing;

/// <summary>Everything that a decision was made from, beside the catalogue.</summary>
public sealed record DecisionGiven(RouteRequest Request, RoutingState State);

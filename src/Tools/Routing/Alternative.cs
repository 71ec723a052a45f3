namespace Pipeline.Tools.Routing;

/// <summary>A model that was not taken, its score where it got one, and why not.</summary>
public sealed record Alternative(string Model, double? Score, string WhyNot);

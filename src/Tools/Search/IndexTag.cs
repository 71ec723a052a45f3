namespace Pipeline.Tools.Search;

/// <summary>What a span of frames shows.</summary>
/// <param name="StartSeconds">From the first frame.</param>
/// <param name="EndSeconds">Behind the start.</param>
/// <param name="Text">Words to be found by.</param>
/// <param name="Label">A short class name, for filters.</param>
/// <param name="Score">The tagger's own measure.</param>
public sealed record IndexTag(double StartSeconds, double EndSeconds, string Text, string? Label = null, double? Score = null);

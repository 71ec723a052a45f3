using Pipeline.Bench.Loads;

namespace Pipeline.Bench.Reports;

/// <summary>One line of a comparison.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Result">What came of it.</param>
internal sealed record Row(string What, LoadResult Result);

namespace Pipeline.Index;

/// <summary>A scope as one snapshot has it.</summary>
/// <param name="ScopeId">Its id.</param>
/// <param name="HasForeign">True when it holds vectors of another generator than the question's.</param>
/// <param name="HasGraph">True when a finished graph is over its current vectors.</param>
/// <param name="Words">What its words are like.</param>
internal sealed record PostgresScope(long ScopeId, bool HasForeign, bool HasGraph, WordStatistics Words);

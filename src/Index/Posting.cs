namespace Pipeline.Index;

/// <summary>One entry that holds a term.</summary>
/// <param name="EntryId">The entry.</param>
/// <param name="Count">How often it holds the term.</param>
/// <param name="Length">How many terms it has in all.</param>
/// <param name="IsWindow">True for a window over cues.</param>
public readonly record struct Posting(long EntryId, int Count, int Length, bool IsWindow);

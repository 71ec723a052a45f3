namespace Pipeline.Index;

/// <summary>A cue under a window that was found.</summary>
/// <param name="WindowId">The window's entry id.</param>
/// <param name="EntryId">The cue's.</param>
/// <param name="Terms">The cue's terms.</param>
/// <param name="Similarity">Cosine of the cue's and the question's vectors.</param>
internal sealed record WindowCue(long WindowId, long EntryId, IReadOnlyList<string> Terms, float Similarity);

namespace Pipeline.Index.Transcripts;

/// <summary>Words spoken from <paramref name="StartSeconds"/> to <paramref name="EndSeconds"/>.</summary>
/// <param name="Text">Plain text: no markup, no control or bidirectional characters.</param>
/// <param name="Speaker">Who speaks, where the transcript says so.</param>
/// <param name="Words">The words with their own times, where the transcript has them.</param>
public sealed record Cue(double StartSeconds, double EndSeconds, string Text, string? Speaker = null, IReadOnlyList<TimedWord>? Words = null);

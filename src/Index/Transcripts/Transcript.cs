namespace Pipeline.Index.Transcripts;

/// <summary>A transcript as it was understood.</summary>
/// <param name="Format"><c>webvtt</c>, <c>srt</c> or <c>whisper</c>.</param>
/// <param name="Cues">In the order of their starts.</param>
/// <param name="Warnings">What is odd but was understood, such as overlapping cues.</param>
public sealed record Transcript(string Format, IReadOnlyList<Cue> Cues, IReadOnlyList<string> Warnings);

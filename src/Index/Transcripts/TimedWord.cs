namespace Pipeline.Index.Transcripts;

/// <summary>One word and when it is spoken.</summary>
public sealed record TimedWord(double StartSeconds, double EndSeconds, string Text);

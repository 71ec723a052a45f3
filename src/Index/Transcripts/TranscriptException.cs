namespace Pipeline.Index.Transcripts;

/// <summary>A transcript that cannot be understood without guessing.</summary>
/// <param name="line">The line that is wrong, from 1.</param>
/// <param name="wrong">What is wrong.</param>
/// <param name="right">What would be right.</param>
public sealed class TranscriptException(int line, string wrong, string right) : Exception($"Line {line}: {wrong} {right}")
{
    public int Line { get; } = line;

    public string Wrong { get; } = wrong;

    public string Right { get; } = right;
}

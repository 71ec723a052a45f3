using Pipeline.Index.Transcripts;
using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Search;

/// <summary>A transcript that cannot be read.</summary>
public sealed class InvalidTranscriptError : ToolError
{
    public InvalidTranscriptError(TranscriptException fault) : base("invalid_transcript", fault.Message) => Facts = new { fault.Line };
}

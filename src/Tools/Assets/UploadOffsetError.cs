using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>A part of an upload does not begin where the part before it ended.</summary>
public sealed class UploadOffsetError : ToolError
{
    public UploadOffsetError(long expected, long actual) : base("wrong_offset", $"{expected} bytes are here; send what follows them, not what begins at {actual}.") =>
        Facts = new { expected, actual };
}

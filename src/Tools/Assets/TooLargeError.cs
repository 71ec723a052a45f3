using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>More bytes than allowed.</summary>
public sealed class TooLargeError : ToolError
{
    public TooLargeError(long size_bytes, long max_bytes) : base("too_large", $"That is at least {size_bytes} bytes; at most {max_bytes} are taken.") =>
        Facts = new { size_bytes, max_bytes };
}

using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>Other than the announced number of bytes came.</summary>
public sealed class SizeMismatchError : ToolError
{
    public SizeMismatchError(long expected, long actual) : base("size_mismatch", $"{actual} bytes came, not the {expected} that were announced. Nothing was written; send them again, or announce another size.") =>
        Facts = new { expected, actual };
}

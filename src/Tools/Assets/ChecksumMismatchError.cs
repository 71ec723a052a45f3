using Pipeline.Tools.Contract;

namespace Pipeline.Tools.Assets;

/// <summary>The bytes that came are not those that were promised.</summary>
public sealed class ChecksumMismatchError : ToolError
{
    public ChecksumMismatchError(string expected, string actual) : base("checksum_mismatch",
        $"The bytes that came have the SHA-256 {actual}, not {expected}. Nothing was written; fetch or send them again, or correct sha256.") =>
        Facts = new { expected, actual };
}
